"""Checking uploads: their type, detected from the content, their size and their name."""

import logging
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from core.images.decoding import PICTURE_FORMATS, check_megapixels, opened_picture
from core.virus_scan import ScanError, find_virus, is_scanning
from inquiries.files import refusals
from inquiries.files.ole import ole_kind
from inquiries.files.types import (
    HEAD_SIZE,
    PICTURE_KINDS,
    extension_for,
    kind_by_signature,
    text_kind,
)
from inquiries.files.zip_archives import zip_kind

logger = logging.getLogger(__name__)

MAX_NAME_LENGTH = 100
MEGABYTE = 1024 * 1024
# Pillow does not read all variants of these, such as raw photos, that viewers show.
PARTLY_READABLE = {"tiff", "heic", "avif"}

INVISIBLE = {"Cc", "Cf", "Zl", "Zp"}  # control characters, and those that change the text direction


@dataclass(frozen=True)
class FileLimits:
    """How many files a form takes, and how large they may be."""

    files: int
    megabytes: int  # of one file
    picture_megabytes: int  # of one picture
    total_megabytes: int


BUYER_LIMITS = FileLimits(files=5, megabytes=10, picture_megabytes=40, total_megabytes=40)
STAFF_LIMITS = FileLimits(files=10, megabytes=25, picture_megabytes=40, total_megabytes=100)


@dataclass(frozen=True)
class PreparedFile:
    """A checked file, with the name for its download and its type (`kind`, such as pdf).

    `scan` is a value of `Attachment.Scan`.
    """

    content: File
    name: str
    kind: str
    scan: str = ""

    @property
    def size(self) -> int:
        return self.content.size


def prepare_upload(upload: File, limits: FileLimits = BUYER_LIMITS) -> PreparedFile:
    """Check an upload; its content is not changed.

    Raises ValidationError, with a message for the person who sent it, if it is empty, too large or
    not accepted.
    """
    name = str(upload.name)
    shown_name = {"name": clean_name(name, "")}
    if not upload.size:
        raise ValidationError(_("“%(name)s” is empty.") % shown_name)
    upload.seek(0)
    kind = kind_by_signature(upload.read(HEAD_SIZE))
    check_size(upload, limits, kind)
    try:
        kind = _checked_kind(kind, upload)
        scan = scan_for_viruses(upload)
    except ValidationError as error:
        text = _("“%(name)s”: %(reason)s")
        reason = " ".join(error.messages)
        raise ValidationError(text % {**shown_name, "reason": reason}, code=error.code) from error
    upload.seek(0)
    return PreparedFile(upload, clean_name(name, kind), kind, scan)


def scan_for_viruses(upload: File) -> str:
    """What is stored as `Attachment.scan`. Raises ValidationError for an infected file.

    A file that cannot be scanned now is accepted; the worker does it later.
    """
    if not is_scanning():
        return ""
    try:
        virus = find_virus(upload)
    except ScanError as error:
        logger.warning("A file could not be scanned for viruses: %s", error)
        return "waiting"
    if virus:
        logger.warning("A file with %s was refused.", virus)
        raise refusals.infected()
    return "clean"


def check_size(upload: File, limits: FileLimits = BUYER_LIMITS, kind: str = "") -> None:
    """Raise ValidationError, with a message for the sender, if a file of this kind is too large."""
    limit = limits.picture_megabytes if kind in PICTURE_KINDS else limits.megabytes
    if upload.size > limit * MEGABYTE:
        text = _("“%(name)s” is larger than %(limit)d MB.")
        name = clean_name(str(upload.name), "")
        raise ValidationError(text % {"name": name, "limit": limit})


def _checked_kind(kind: str, upload: File) -> str:
    """The exact kind of a file with this signature; raises ValidationError with the reason."""
    if kind in PICTURE_KINDS:
        _check_picture(kind, upload)
    elif kind == "zip":
        kind = zip_kind(upload)
    elif kind == "ole":
        upload.seek(0)
        kind = ole_kind(upload.read())
    elif not kind:
        upload.seek(0)
        kind = text_kind(upload.read(), clean_name(str(upload.name), ""))
    if not kind:
        raise refusals.not_accepted()
    return kind


def _check_picture(kind: str, upload: File) -> None:
    """Check the size of a picture in pixels, without decoding it."""
    try:
        with opened_picture(upload, PICTURE_FORMATS) as picture:
            check_megapixels(picture)
    except ValidationError as error:
        if error.code == "too_many_pixels":
            raise
        if kind not in PARTLY_READABLE:
            raise refusals.damaged() from error


def clean_name(name: str, kind: str) -> str:
    """The file name without folders and invisible characters, with an extension for `kind`."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(c for c in name if unicodedata.category(c) not in INVISIBLE)
    stem = re.sub(r'[<>:"|?*%;]', "_", visible)
    extension = extension_for(kind, PurePosixPath(stem).suffix[1:].lower())
    if kind:
        stem = PurePosixPath(stem).stem if "." in stem.strip(".") else stem
    stem = stem.strip(" .")[:MAX_NAME_LENGTH] or "file"
    return f"{stem}.{extension}" if kind else stem
