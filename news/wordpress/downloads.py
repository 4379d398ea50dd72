"""Imports the old site's PDF, audio and video files, which visitors can download."""

import hashlib
from pathlib import PurePosixPath
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from core.unused_files.services import keep_file
from news.wordpress.attachments import file_name, suffix
from news.wordpress.download import DownloadError
from news.wordpress.file_types import HEAD_LENGTH, detect_extension
from news.wordpress.source import FileSource, normalize_file_url
from news.wordpress.url_map import latin_slug

FOLDER = "downloads"
MAX_MEGABYTES = 200
MAX_NAME_LENGTH = 60
CHUNK_SIZE = 1024 * 1024  # bytes


class DownloadImporter:
    """Imports each file once from `source`.

    The type of a file, and so its extension, is detected from its content; others are refused.
    `found` has the stored name for each URL that was looked up, `missing` the reason for each URL
    without one, `new` the names of the files that were added.
    """

    def __init__(self, source: FileSource) -> None:
        self.source = source
        self.found: dict[str, str] = {}
        self.missing: dict[str, str] = {}
        self.new: list[str] = []

    def get(self, url: str) -> str:
        """The stored name of the file at `url`; empty without one."""
        url = normalize_file_url(url)
        if url not in self.found:
            self.found[url] = self._import(url)
        return self.found[url]

    def missing_reason(self, url: str) -> str:
        return self.missing.get(normalize_file_url(url), _("no URL"))

    def delete_new(self) -> None:
        """Delete the new files, after the import failed."""
        for name in self.new:
            default_storage.delete(name)

    def _import(self, url: str) -> str:
        try:
            with self.source.open(url, MAX_MEGABYTES) as file:
                return self._store(file, url)
        except (DownloadError, OSError, ValueError) as error:
            self.missing[url] = str(error)
            return ""

    def _store(self, file: IO[bytes], url: str) -> str:
        extension = detect_extension(file.read(HEAD_LENGTH), suffix(url))
        if not extension:
            raise DownloadError(_("by its content not a PDF, audio or video file"))
        file.seek(0)
        digest = _digest(file)
        file.seek(0)
        stem = latin_slug(PurePosixPath(file_name(url)).stem)[:MAX_NAME_LENGTH].strip("-")
        name = f"{FOLDER}/{digest}/{stem or 'file'}.{extension}"
        if not default_storage.exists(name):
            name = default_storage.save(name, File(file))
            self.new.append(name)
        else:
            keep_file(name)
        return name


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK_SIZE):
        digest.update(chunk)
    return digest.hexdigest()[:32]
