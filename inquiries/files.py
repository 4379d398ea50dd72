"""Uploaded files: the type is detected from the content, and macros and programs are refused."""

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from core.images.uploads import prepare_picture

MAX_ZIP_PARTS = 5000  # Office files are ZIP archives
MAX_NAME_LENGTH = 100

PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"RIFF")
OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
ACCEPTED_EXTENSIONS = ".pdf,.jpg,.jpeg,.png,.gif,.webp,.docx,.xlsx,.pptx,.odt,.ods"
INVISIBLE = {"Cc", "Cf", "Zl", "Zp"}  # control characters, and those that change the text direction


@dataclass(frozen=True)
class FileLimits:
    """How many files a form takes, and how large they may be."""

    files: int
    megabytes: int  # of one file
    total_megabytes: int


BUYER_LIMITS = FileLimits(files=5, megabytes=10, total_megabytes=20)
STAFF_LIMITS = FileLimits(files=10, megabytes=25, total_megabytes=100)


@dataclass(frozen=True)
class PreparedFile:
    """A checked file, with the name for its download and its type (`kind`, such as pdf)."""

    content: File
    name: str
    kind: str

    @property
    def size(self) -> int:
        return self.content.size


def prepare_upload(upload: File, limits: FileLimits = BUYER_LIMITS) -> PreparedFile:
    """Check an upload; pictures are encoded again, which removes their metadata.

    Raises ValidationError, with a message for the visitor, if it is too large or not accepted.
    """
    name = str(upload.name)
    check_size(upload, limits)
    upload.seek(0)
    start = upload.read(16)
    if start.startswith(PICTURES):
        picture: ContentFile = prepare_picture(upload)
        kind = PurePosixPath(str(picture.name)).suffix[1:]
        return PreparedFile(picture, clean_name(name, kind), kind)
    kind = _kind_of(upload, start)
    if not kind:
        text = _(
            "“%(name)s”: This file type is not accepted. Attach a PDF, an "
            "image or an Office file without macros."
        )
        raise ValidationError(text % {"name": clean_name(name, "")})
    upload.seek(0)
    return PreparedFile(upload, clean_name(name, kind), kind)


def check_size(upload: File, limits: FileLimits = BUYER_LIMITS) -> None:
    """Raise ValidationError, with a message for the visitor, if a file is too large."""
    if upload.size > limits.megabytes * 1024 * 1024:
        text = _("“%(name)s” is larger than %(limit)d MB.")
        name = clean_name(str(upload.name), "")
        raise ValidationError(text % {"name": name, "limit": limits.megabytes})


def clean_name(name: str, kind: str) -> str:
    """The file name without folders and invisible characters, with the extension `kind`."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(c for c in name if unicodedata.category(c) not in INVISIBLE)
    stem = re.sub(r'[<>:"|?*%;]', "_", visible)
    if kind:
        stem = PurePosixPath(stem).stem if "." in stem.strip(".") else stem
    stem = stem.strip(" .")[:MAX_NAME_LENGTH] or "file"
    return f"{stem}.{kind}" if kind else stem


def _kind_of(upload: File, start: bytes) -> str:
    """The type of a document, by its first bytes and its parts; empty if it is not accepted."""
    if start.startswith(b"%PDF-"):
        return "pdf"
    if not start.startswith(b"PK\x03\x04"):
        return ""
    try:
        with zipfile.ZipFile(upload) as archive:
            names = archive.namelist()
            if len(names) > MAX_ZIP_PARTS or any(_is_executable(name) for name in names):
                return ""
            if "mimetype" in names:
                with archive.open("mimetype") as part:
                    return OPEN_DOCUMENTS.get(part.read(100).strip(), "")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        return ""
    if "[Content_Types].xml" not in names:
        return ""
    return next((kind for part, kind in OFFICE.items() if part in names), "")


def _is_executable(name: str) -> bool:
    """Whether a part of an Office file is a macro or a program."""
    name = name.lower()
    return name.endswith(("vbaproject.bin", ".exe", ".js", ".vbs")) or name.startswith(
        ("basic/", "scripts/")
    )
