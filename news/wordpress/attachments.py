"""The files in the old site's media library."""

from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

PICTURES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tiff", ".avif", ".heic", ".svg"}
AUDIO = {
    ".aac", ".aif", ".aiff", ".amr", ".flac", ".m4a", ".mid", ".mp3", ".oga", ".ogg", ".opus",
    ".wav", ".weba", ".wma",
}  # fmt: skip
VIDEO = {
    ".3g2", ".3gp", ".avi", ".flv", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ogv",
    ".webm", ".wmv",
}  # fmt: skip
DOWNLOADS = {".pdf", *AUDIO, *VIDEO}
# The suffixes of the files that a shortcode shows.
SUFFIXES_OF = {"gallery": PICTURES, "audio": AUDIO, "video": VIDEO, "playlist": AUDIO}


class Attachment(NamedTuple):
    """A file of the old site; its caption is HTML.

    `file` is its path in the folder of uploads, `link` the URL of the page that shows it.
    """

    id: str
    url: str
    alt: str
    caption: str
    title: str = ""
    link: str = ""
    file: str = ""
    order: int = 0

    @property
    def position(self) -> tuple[int, int]:
        """Where it stands among the files of its post."""
        return self.order, int(self.id) if self.id.isdecimal() else 0


def suffix(url: str) -> str:
    """The suffix of the file at `url`, in lower case: `.jpg`."""
    return PurePosixPath(_path(url)).suffix.lower()


def file_name(url: str) -> str:
    return PurePosixPath(_path(url)).name


def link_text(url: str) -> str:
    """What a link to `url` says: the name of a recording or document, else the URL."""
    return file_name(url) if suffix(url) in DOWNLOADS else url


def _path(url: str) -> str:
    try:
        return unquote(urlsplit(url).path)
    except ValueError:  # such as `http://[`
        return ""
