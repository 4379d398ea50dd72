"""Imports the old site's pictures into the picture library."""

import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files.storage import Storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from core.images.renditions import WIDTHS, rendition_name
from core.images.uploads import MAX_MEGABYTES
from core.richtext.models import Picture
from core.richtext.services import add_picture
from news.wordpress.download import DownloadError

UPLOADS_PATH = re.compile(r"/(?:wp-content/uploads|wp-content/blogs\.dir/\d+/files|files)/")
SIZE_SUFFIX = re.compile(r"-\d+x\d+(?=\.\w+$)")  # as in picture-300x200.jpg
WORDPRESS_COM_PROXY = re.compile(r"^(https?:)?//i\d\.wp\.com/")
PICTURE_SUFFIXES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tiff", ".avif", ".svg"}


class PictureImporter:
    """Imports each picture once, from `folder`, a copy of wp-content/uploads, or by `download`.

    `missing` has the reason for each URL without a picture, `new` the pictures that were added.
    """

    def __init__(self, folder: Path | None, download: Callable[[str], bytes] | None) -> None:
        self.folder = folder.resolve() if folder else None
        self.download = download
        self.found: dict[str, Picture | None] = {}
        self.missing: dict[str, str] = {}
        self.new: list[Picture] = []

    def get(self, *urls: str) -> Picture | None:
        """The picture at the first of these URLs that has one, in its original size if possible."""
        normalized = [_normalize_url(url) for url in urls if url]
        originals = [SIZE_SUFFIX.sub("", url) for url in normalized]
        for url in dict.fromkeys([*originals, *normalized]):
            if url not in self.found:
                self.found[url] = self._import(url)
            if picture := self.found[url]:
                return picture
        return None

    def missing_reason(self, url: str) -> str:
        return self.missing.get(_normalize_url(url), _("no URL"))

    def delete_new(self) -> None:
        """Delete the new pictures with their files, after the import failed."""
        for picture in self.new:
            storage, name = picture.file.storage, str(picture.file.name)
            Picture.objects.filter(pk=picture.pk).delete()
            delete_with_renditions(storage, name)

    def _import(self, url: str) -> Picture | None:
        try:
            upload = SimpleUploadedFile(_file_name(url), self._read(url))
            last = Picture.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            picture = add_picture(upload, by=None)
        except (DownloadError, OSError) as error:
            self.missing[url] = str(error)
        except ValidationError as error:
            self.missing[url] = " ".join(error.messages)
        else:
            if picture.pk > last:
                self.new.append(picture)
            return picture
        return None

    def _read(self, url: str) -> bytes:
        if (path := self._path_in_folder(url)) is not None:
            if path.stat().st_size > MAX_MEGABYTES * 1024 * 1024:
                raise DownloadError(_("larger than %(limit)d MB") % {"limit": MAX_MEGABYTES})
            return path.read_bytes()
        if self.download is None:
            raise DownloadError(_("the file is not in the uploads folder"))
        return self.download(url)

    def _path_in_folder(self, url: str) -> Path | None:
        parts = UPLOADS_PATH.split(urlsplit(url).path, maxsplit=1)
        if self.folder is None or len(parts) < 2 or "\0" in unquote(parts[1]):
            return None
        path = (self.folder / unquote(parts[1])).resolve()
        return path if path.is_relative_to(self.folder) and path.is_file() else None


def is_picture_url(url: str) -> bool:
    """Whether a URL has the suffix of a picture file."""
    return PurePosixPath(urlsplit(url).path).suffix.lower() in PICTURE_SUFFIXES


def _normalize_url(url: str) -> str:
    """The URL of a picture itself, without the image proxy of WordPress.com and its parameters."""
    if WORDPRESS_COM_PROXY.match(url):
        return WORDPRESS_COM_PROXY.sub("https://", url).partition("?")[0]
    return f"https:{url}" if url.startswith("//") else url


def _file_name(url: str) -> str:
    return PurePosixPath(unquote(urlsplit(url).path)).name or "picture"


def delete_with_renditions(storage: Storage, name: str) -> None:
    for file in (name, *(rendition_name(name, width) for width in WIDTHS)):
        storage.delete(file)
