"""All files of the old site: pictures go to the library, recordings and documents to downloads."""

from collections.abc import Iterator

from django.core.files.storage import default_storage

from core.richtext.models import Picture
from news.wordpress.attachments import DOWNLOADS, PICTURES, suffix
from news.wordpress.downloads import DownloadImporter
from news.wordpress.pictures import SIZE_SUFFIX, PictureImporter
from news.wordpress.source import UPLOADS_PATH, FileSource, normalize_file_url


class FileImporter:
    """Imports files of the old site from `source`.

    `imported_before` has the stored names of files that an earlier import added, by URL.
    """

    def __init__(self, source: FileSource, imported_before: dict[str, str]) -> None:
        self.source = source
        self.pictures = PictureImporter(source)
        self.downloads = DownloadImporter(source)
        self.imported_before = {
            normalize_file_url(url): name for url, name in imported_before.items()
        }

    def get_name(self, url: str) -> str:
        """The stored name of the file at `url`; empty if it cannot be imported."""
        if name := self.imported_before.get(normalize_file_url(url)):
            return name
        if suffix(url) in PICTURES:
            picture = self.pictures.get(url)
            return str(picture.file.name) if picture else ""
        return self.downloads.get(url) if suffix(url) in DOWNLOADS else ""

    def get_url(self, url: str) -> str:
        """The new URL of the file at `url`; empty if it cannot be imported."""
        name = self.get_name(url)
        return default_storage.url(name) if name else ""

    def get_picture(self, *urls: str) -> Picture | None:
        return self.pictures.get(*urls)

    def missing_reason(self, url: str) -> str:
        importer = self.pictures if suffix(url) in PICTURES else self.downloads
        return importer.missing_reason(url)

    def is_own(self, url: str) -> bool:
        """Whether `url` is that of a file in the old site's uploads."""
        url = normalize_file_url(url)
        if self.source.is_attachment(url) or UPLOADS_PATH.search(url):
            return self.source.is_own(url)
        return suffix(url) in PICTURES | DOWNLOADS and self.source.is_own(url)

    def moved(self) -> Iterator[tuple[str, str]]:
        """The old URL of each file that was imported now, and its new one."""
        for url, picture in self.pictures.found.items():
            if picture:
                yield url, picture.file.url
                if not self.source.is_attachment(url):
                    yield SIZE_SUFFIX.sub("", url), picture.file.url
        for url, name in self.downloads.found.items():
            if name:
                yield url, default_storage.url(name)

    def delete_new(self) -> None:
        """Delete the new files, after the import failed."""
        self.pictures.delete_new()
        self.downloads.delete_new()
