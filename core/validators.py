"""Checks that several forms and models share."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

MAX_PDF_MEGABYTES = 20

PHONE = re.compile(r"\+?[0-9(][0-9 ()./\-]{3,}( ?(ext|x)\.? ?[0-9]+)?", re.IGNORECASE)


def validate_phone(value: str) -> None:
    """Refuse what cannot be a telephone number.

    Numbers are shown as they were typed, so spaces, hyphens, brackets and an extension may stay.
    """
    if not PHONE.fullmatch(value):
        raise ValidationError(_("Enter a telephone number, for example +86 371 5370 6735."))


def validate_line(value: str) -> None:
    """Refuse line breaks and every other control character: the text goes into mail headers."""
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise ValidationError(_("Write this on one line, without control characters."))


def validate_text(value: str) -> None:
    """Refuse control characters other than line breaks and tabs."""
    if any(unicodedata.category(c) == "Cc" and c not in "\r\n\t" for c in value):
        raise ValidationError(_("This text contains control characters. Please retype it."))


def validate_pdf(file: File) -> None:
    """Refuse what is too big or, by its first bytes (ISO 32000-1, 7.5.2) or its name, no PDF."""
    if file.size > MAX_PDF_MEGABYTES * 1024 * 1024:
        raise ValidationError(
            _("This file has more than %(limit)d MB. Save it smaller and upload it again.")
            % {"limit": MAX_PDF_MEGABYTES}
        )
    file.open()
    start = file.read(5)
    file.seek(0)
    if start != b"%PDF-" or not str(file.name).lower().endswith(".pdf"):
        raise ValidationError(_("This is not a PDF file."))
