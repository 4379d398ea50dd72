"""Validators that several forms and models share."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from core.phone_numbers import is_phone_number

MAX_PDF_MEGABYTES = 20


def validate_phone(value: str) -> None:
    """Raise ValidationError for anything but a telephone number.

    Numbers are shown as typed, so they may be written in any way that `is_phone_number` accepts.
    """
    if not is_phone_number(value):
        raise ValidationError(_("Enter a phone number, for example +86 371 5370 6735."))


def validate_line(value: str) -> None:
    """Raise ValidationError for line breaks and control characters, which break mail headers."""
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise ValidationError(_("Enter a single line of text without control characters."))


def validate_text(value: str) -> None:
    """Raise ValidationError for control characters other than line breaks and tabs."""
    if any(unicodedata.category(c) == "Cc" and c not in "\r\n\t" for c in value):
        raise ValidationError(_("This text contains control characters. Please enter it again."))


def validate_pdf(file: File) -> None:
    """Raise ValidationError for a file that is too large or not a PDF by content and name."""
    if file.size > MAX_PDF_MEGABYTES * 1024 * 1024:
        raise ValidationError(
            _("This file is larger than %(limit)d MB. Reduce its size and upload it again.")
            % {"limit": MAX_PDF_MEGABYTES}
        )
    file.open()
    start = file.read(5)
    file.seek(0)
    if start != b"%PDF-" or not str(file.name).lower().endswith(".pdf"):
        raise ValidationError(_("This is not a PDF file."))
