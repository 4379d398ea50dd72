"""The placeholders of answer templates.

They are looked up in a fixed list and put in as plain text: no format string, no template language.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from inquiries.models import Inquiry

PLACEHOLDERS: dict[str, Promise] = {
    "name": _("the buyer's name"),
    "company": _("the buyer's company"),
    "reference": _("the reference of the inquiry"),
    "products": _("the products that are asked for"),
    "contact": _("the name of the contact who answers"),
    "due": _("by when the answer is promised, in the buyer's own time"),
}
# A brace that is meant, a placeholder, or a brace that is neither.
BRACES = re.compile(r"\{\{|\}\}|\{([^{}\n]{0,40})\}|[{}]")


def validate_placeholders(text: str) -> None:
    """Refuse placeholders that are unknown, and single braces; the message names them."""
    wrong = [
        found[0]
        for found in BRACES.finditer(text)
        if found[0] not in {"{{", "}}"} and found[1] not in PLACEHOLDERS
    ]
    if wrong:
        message = _("There is no such placeholder: %(wrong)s. For a brace itself, type it twice.")
        raise ValidationError(message, params={"wrong": " ".join(dict.fromkeys(wrong))})


def fill_in(text: str, inquiry: "Inquiry", contact: str) -> str:
    """`text` with what the inquiry says, in the buyer's language; `contact` is who answers.

    A sentence stays whole where the buyer named no company or product.
    """
    values: dict[str, Callable[[], str]] = {
        "name": lambda: inquiry.name,
        "company": lambda: inquiry.company or inquiry.name,
        "reference": lambda: inquiry.reference,
        "products": lambda: ", ".join(map(str, inquiry.lines.all())) or gettext("our products"),
        "contact": lambda: contact,
        "due": lambda: inquiry.deadline.at_buyers or inquiry.deadline.for_staff,
    }

    def put_in(found: re.Match[str]) -> str:
        if found[0] in {"{{", "}}"}:
            return found[0][0]
        return values[found[1]]() if found[1] in values else found[0]

    with translation.override(inquiry.language):
        return BRACES.sub(put_in, text)
