"""What visitors may send along: what a file is, its content says, and nothing that runs gets in."""

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from core.images.uploads import prepare_picture

MOST_FILES = 5
MAX_MEGABYTES = 10  # a file
MAX_MEGABYTES_IN_ALL = 20
MOST_PARTS = 5000  # of a zip archive, which is what Office files are
LONGEST_NAME = 100

PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"RIFF")
OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.gif,.webp,.docx,.xlsx,.pptx,.odt,.ods"
INVISIBLE = {"Cc", "Cf", "Zl", "Zp"}  # control characters, and those that turn the writing round


@dataclass(frozen=True)
class PreparedFile:
    """A file that was looked through, with the name that it is offered under."""

    content: File
    name: str
    kind: str

    @property
    def size(self) -> int:
        return self.content.size


def prepare(upload: File) -> PreparedFile:
    """What may be kept of an upload; pictures are encoded anew, without what they tell of a place.

    Raises ValidationError, in a visitor's words, for what is too large or not taken.
    """
    name = str(upload.name)
    if upload.size > MAX_MEGABYTES * 1024 * 1024:
        text = _("“%(name)s” has more than %(limit)d MB.")
        raise ValidationError(text % {"name": clean_name(name, ""), "limit": MAX_MEGABYTES})
    upload.seek(0)
    start = upload.read(16)
    if start.startswith(PICTURES):
        picture: ContentFile = prepare_picture(upload)
        kind = PurePosixPath(str(picture.name)).suffix[1:]
        return PreparedFile(picture, clean_name(name, kind), kind)
    kind = _kind_of(upload, start)
    if not kind:
        text = _("“%(name)s” is not taken. Send PDF, pictures, or Office files without macros.")
        raise ValidationError(text % {"name": clean_name(name, "")})
    upload.seek(0)
    return PreparedFile(upload, clean_name(name, kind), kind)


def clean_name(name: str, kind: str) -> str:
    """The last part of a file's name without what is unseen, with the ending of its content."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(c for c in name if unicodedata.category(c) not in INVISIBLE)
    stem = re.sub(r'[<>:"|?*%;]', "_", seen)
    if kind:
        stem = PurePosixPath(stem).stem if "." in stem.strip(".") else stem
    stem = stem.strip(" .")[:LONGEST_NAME] or "file"
    return f"{stem}.{kind}" if kind else stem


def _kind_of(upload: File, start: bytes) -> str:
    """What a document is by its first bytes and its parts; empty for all that is not taken."""
    if start.startswith(b"%PDF-"):
        return "pdf"
    if not start.startswith(b"PK\x03\x04"):
        return ""
    try:
        with zipfile.ZipFile(upload) as archive:
            names = archive.namelist()
            if len(names) > MOST_PARTS or any(_runs(name) for name in names):
                return ""
            if "mimetype" in names:
                with archive.open("mimetype") as part:
                    return OPEN_DOCUMENTS.get(part.read(100).strip(), "")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        return ""
    if "[Content_Types].xml" not in names:
        return ""
    return next((kind for part, kind in OFFICE.items() if part in names), "")


def _runs(name: str) -> bool:
    """Whether a part of an Office file is a macro, or something else that runs."""
    name = name.lower()
    return name.endswith(("vbaproject.bin", ".exe", ".js", ".vbs")) or name.startswith(
        ("basic/", "scripts/")
    )
