"""Why a file is refused, for the person who attached it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def not_accepted() -> ValidationError:
    return ValidationError(
        _(
            "This file type is not accepted. Attach a PDF file, a picture (JPEG, PNG, GIF, WebP, "
            "HEIC, AVIF, TIFF, BMP), a Word, Excel, PowerPoint or OpenDocument file without "
            "macros, a drawing (DWG, DXF, STEP, IGES), a CSV or text file, or a ZIP, RAR or 7z "
            "archive."
        ),
        code="not_accepted",
    )


def damaged() -> ValidationError:
    text = _("This file is damaged or incomplete. Save it again and attach it.")
    return ValidationError(text, code="damaged")


def macros() -> ValidationError:
    text = _("This file contains macros. Save it without macros and attach it.")
    return ValidationError(text, code="macros")


def infected() -> ValidationError:
    text = _("A virus was found in this file. Check your computer, and attach a file without it.")
    return ValidationError(text, code="infected")


def protected() -> ValidationError:
    text = _(
        "This file is protected by a password, so that it cannot be checked for macros. Save it "
        "without a password, or put it into a ZIP archive, and attach that."
    )
    return ValidationError(text, code="protected")
