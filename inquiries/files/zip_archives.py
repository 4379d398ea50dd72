"""Office files, OpenDocument files and other ZIP archives; nothing is unpacked."""

import re
import zipfile
import zlib
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from inquiries.files import refusals

MAX_PARTS = 5000
MAX_PART_SIZE = 1_000_000  # bytes that are read of a part
DIRECTORY_ENTRY = b"PK\x01\x02"

CONTENT_TYPES = "[content_types].xml"
# By the content type of the main part; the macro-enabled ones may be without macros.
OFFICE_KINDS = {
    b"wordprocessingml.document.main+xml": "docx",
    b"wordprocessingml.template.main+xml": "dotx",
    b"ms-word.document.macroEnabled.main+xml": "docm",
    b"ms-word.template.macroEnabledTemplate.main+xml": "dotm",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"spreadsheetml.template.main+xml": "xltx",
    b"ms-excel.sheet.macroEnabled.main+xml": "xlsm",
    b"ms-excel.template.macroEnabled.main+xml": "xltm",
    b"ms-excel.sheet.binary.macroEnabled.main": "xlsb",
    b"presentationml.presentation.main+xml": "pptx",
    b"presentationml.slideshow.main+xml": "ppsx",
    b"presentationml.template.main+xml": "potx",
    b"ms-powerpoint.presentation.macroEnabled.main+xml": "pptm",
    b"ms-powerpoint.slideshow.macroEnabled.main+xml": "ppsm",
    b"ms-powerpoint.template.macroEnabled.main+xml": "potm",
    b"ms-visio.drawing.main+xml": "vsdx",
}
OFFICE_PARTS = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}

OPEN_DOCUMENT = re.compile(
    rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation|graphics)"
    rb"(-template)?(?![\w-])"
)
OPEN_DOCUMENT_LETTERS = {b"text": "t", b"spreadsheet": "s", b"presentation": "p", b"graphics": "g"}
BASIC_LISTS = ("/script-lc.xml", "/script-lb.xml", "/dialog-lc.xml", "/dialog-lb.xml")

PROGRAM_EXTENSIONS = frozenset(
    {
        *(".exe", ".scr", ".pif", ".bat", ".cmd", ".msi", ".cpl", ".lnk", ".reg"),
        *(".js", ".jse", ".vbs", ".vbe", ".wsf", ".hta", ".ps1"),
        *(".jar", ".class", ".dex"),
    }
)


def zip_kind(file: File) -> str:
    """The kind of Office or OpenDocument file, or `zip` for any other archive.

    Raises ValidationError, with the reason, for a damaged archive, for macros and for programs.
    """
    file.seek(0)
    if _has_too_many_parts(file):
        raise ValidationError(_("This archive contains too many files."), code="refused")
    try:
        with zipfile.ZipFile(file) as archive:
            return _kind(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise refusals.damaged() from error
    except (EOFError, zlib.error) as error:
        raise refusals.damaged() from error


def _has_too_many_parts(file: File) -> bool:
    """Counts the entries before `zipfile` makes an object of each."""
    count, rest = 0, b""
    for chunk in file.chunks():
        count += (rest + chunk).count(DIRECTORY_ENTRY)
        rest = chunk[1 - len(DIRECTORY_ENTRY) :]
    return count > MAX_PARTS


def _kind(archive: zipfile.ZipFile) -> str:
    parts = {name.replace("\\", "/").lstrip("/").lower(): name for name in archive.namelist()}
    if "encrypted-package" in parts:
        raise refusals.protected()
    if kind := _office_kind(archive, parts) or _open_document_kind(archive, parts):
        if any(_is_macro(part) or _is_program(part) for part in parts):
            raise refusals.macros()
        return kind
    if OFFICE_PARTS.keys() & parts and CONTENT_TYPES not in parts:
        raise refusals.damaged()  # without the part that tells programs what it is
    if CONTENT_TYPES in parts or "mimetype" in parts:
        raise refusals.not_accepted()  # another kind of document, such as a book
    if program := next(filter(_is_program, parts), None):
        text = _("This archive contains a program (%(name)s). Remove it and attach the rest.")
        name = PurePosixPath(parts[program].replace("\\", "/")).name[:100]
        raise ValidationError(text % {"name": name}, code="refused")
    return "zip"


def _office_kind(archive: zipfile.ZipFile, parts: dict[str, str]) -> str:
    if CONTENT_TYPES not in parts:
        return ""
    content_types = _read(archive, parts[CONTENT_TYPES])
    if content_types.startswith((b"\xff\xfe", b"\xfe\xff")):
        content_types = content_types.decode("utf-16", "replace").encode()
    found = [kind for name, kind in OFFICE_KINDS.items() if name in content_types]
    if not found and b".main" not in content_types:
        found = [kind for part, kind in OFFICE_PARTS.items() if part in parts]
    return found[0] if found else ""


def _open_document_kind(archive: zipfile.ZipFile, parts: dict[str, str]) -> str:
    """By the part `mimetype`, or the manifest of a document that has none."""
    for part in ("mimetype", "meta-inf/manifest.xml"):
        if part in parts:
            match = OPEN_DOCUMENT.search(_read(archive, parts[part]))
            return _open_document_extension(match) if match else ""
    return ""


def _open_document_extension(match: re.Match[bytes]) -> str:
    return f"{'ot' if match[2] else 'od'}{OPEN_DOCUMENT_LETTERS[match[1]]}"


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(MAX_PART_SIZE)


def _is_macro(part: str) -> bool:
    """Whether a part, by its name in lower case, is a macro; libraries without any are not."""
    if part.endswith("/") or part.endswith(BASIC_LISTS):
        return False
    return part.endswith("vbaproject.bin") or part.startswith(
        ("basic/", "scripts/", "xl/macrosheets/")
    )


def _is_program(part: str) -> bool:
    return PurePosixPath(part).suffix in PROGRAM_EXTENSIONS
