"""Describing errors in cells for people who know the sheet, not the database."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Field, SlugField
from django.utils.text import Truncator
from django.utils.translation import gettext as _

MAX_FOUND_LENGTH = 80  # characters


class Problem(NamedTuple):
    """An error: the number of the row and the heading of the column in the file, if known."""

    row: int
    column: str
    found: str
    reason: str


def describe_found(value: Any) -> str:
    """The content of a cell, truncated."""
    return Truncator(" ".join(str("" if value is None else value).split())).chars(MAX_FOUND_LENGTH)


def reasons(errors: list[ValidationError], field: Field | None) -> Iterator[str]:
    """What is expected instead, for the errors of a cell whose model field is `field`."""
    for error in errors:
        code = error.code or ""
        if code in {"null", "blank", "required"}:
            yield _("This cell must not be empty.")
        elif code == "invalid_choice" and field is not None and field.choices:
            choices = ", ".join(f"{value} ({label})" for value, label in field.flatchoices)
            yield _("Enter one of: %s.") % choices
        elif code == "invalid" and isinstance(field, SlugField):
            yield _("Use only the letters a to z, digits, hyphens and underscores.")
        elif code == "invalid" and field is not None and _is_url(field):
            yield _("Enter a web address, such as https://example.com/page.")
        else:
            yield from error.messages


def _is_url(field: Field) -> bool:
    return any(isinstance(validator, URLValidator) for validator in field.validators)
