"""The placeholders of answer templates: names in braces, from a fixed list.

They are replaced with plain text; there is no format string and no template language.
"""

import re
from collections.abc import Callable, Mapping

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PLACEHOLDERS: dict[str, Promise] = {
    "name": _("the buyer's name"),
    "company": _("the buyer's company"),
    "reference": _("the inquiry reference"),
    "products": _("the requested products"),
    "contact": _("the name of the contact who replies"),
    "due": _("the reply deadline in the buyer's local time"),
}
# An escaped brace, a placeholder, or a single brace.
BRACES = re.compile(r"\{\{|\}\}|\{([^{}\n]{0,40})\}|[{}]")


def validate_placeholders(text: str) -> None:
    """Raise ValidationError, with their names, for unknown placeholders and single braces."""
    wrong = [
        found[0]
        for found in BRACES.finditer(text)
        if found[0] not in {"{{", "}}"} and found[1] not in PLACEHOLDERS
    ]
    if wrong:
        message = _("Unknown placeholder: %(wrong)s. To enter a literal brace, type it twice.")
        raise ValidationError(message, params={"wrong": " ".join(dict.fromkeys(wrong))})


def fill_placeholders(text: str, values: Mapping[str, Callable[[], str]]) -> str:
    """`text` with each placeholder replaced by its value; values are only computed if needed."""

    def replacement(match: re.Match[str]) -> str:
        if match[0] in {"{{", "}}"}:
            return match[0][0]
        return values[match[1]]() if match[1] in values else match[0]

    return BRACES.sub(replacement, text)
