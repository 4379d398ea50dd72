"""Where the files of the old site come from: a copy of its uploads, or its server."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext as _

from news.wordpress.attachments import PICTURES, Attachment, suffix
from news.wordpress.download import DownloadError

UPLOADS_PATH = re.compile(r"/(?:wp-content/uploads|wp-content/blogs\.dir/\d+/files|files)/")
MONTH_PATH = re.compile(r"/(\d{4}/\d\d/[^/]+)$")
NETWORK_SITE = re.compile(r"^sites/\d+/")
FILES_HOST = ".files.wordpress.com"
PROXY = re.compile(r"^(https?:)?//i\d\.wp\.com/")
RESIZING_PARAMETERS = {
    "crop", "fit", "h", "lb", "quality", "resize", "ssl", "strip", "w", "zoom",
}  # fmt: skip


class Download(Protocol):
    """Returns the file at a URL. Raises DownloadError."""

    def __call__(self, url: str, *, max_megabytes: int) -> bytes: ...


class FileSource:
    """Opens files of the old site from `folder`, a copy of wp-content/uploads, or by `download`."""

    def __init__(
        self,
        site_url: str,
        attachments: Iterable[Attachment],
        folder: Path | None,
        download: Download | None,
    ) -> None:
        self.folder = folder.resolve() if folder else None
        self.download = download
        self.attachment_files = {
            normalize_file_url(attachment.url): attachment.file for attachment in attachments
        }
        self.hosts = {_host(url) for url in (site_url, *self.attachment_files)} - {""}

    def is_attachment(self, url: str) -> bool:
        return url in self.attachment_files

    def is_own(self, url: str) -> bool:
        """Whether the old site had the file at `url`, rather than another site."""
        host = _host(url)
        return host in self.hosts or host.endswith(FILES_HOST) or self.is_attachment(url)

    def open(self, url: str, max_megabytes: int) -> IO[bytes]:
        """The file at a normalized `url`. Raises DownloadError and OSError."""
        if (path := self._find_in_folder(url)) is not None:
            if path.stat().st_size > max_megabytes * 1024 * 1024:
                raise DownloadError(_("larger than %(limit)d MB") % {"limit": max_megabytes})
            return path.open("rb")
        if self.download is None:
            raise DownloadError(_("the file is not in the uploads folder"))
        return BytesIO(self.download(url, max_megabytes=max_megabytes))

    def _find_in_folder(self, url: str) -> Path | None:
        if self.folder is None:
            return None
        for name in dict.fromkeys(self._possible_names(url)):
            # File systems and archives differ in how they write letters with marks.
            for form in ("NFC", "NFD"):
                path = (self.folder / unicodedata.normalize(form, name)).resolve()
                if path.is_relative_to(self.folder) and path.is_file():
                    return path
        return None

    def _possible_names(self, url: str) -> Iterator[str]:
        """Paths in the folder of uploads where the file at `url` may be."""
        path = unquote(urlsplit(url).path)
        if "\0" in path:
            return
        if known := self.attachment_files.get(url):
            yield known.lstrip("/")
        if UPLOADS_PATH.search(path):
            name = UPLOADS_PATH.split(path, maxsplit=1)[1]
            yield name
            yield NETWORK_SITE.sub("", name)
        elif self.is_own(url):
            if month := MONTH_PATH.search(path):
                yield month[1]
            yield path.lstrip("/")


def normalize_file_url(url: str) -> str:
    """The URL of a file itself, without WordPress.com's image proxy and its parameters."""
    url = PROXY.sub("https://", url.strip())
    url = f"https:{url}" if url.startswith("//") else url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    names = {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    if suffix(url) in PICTURES and names <= RESIZING_PARAMETERS:
        return url.partition("?")[0].partition("#")[0]
    return url.partition("#")[0]


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower().removeprefix("www.")
    except ValueError:
        return ""
