"""The old site's pictures, checked, re-encoded and kept in the library."""

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
from news.wordpress.fetching import NotFetchedError

UPLOADS = re.compile(r"/(?:wp-content/uploads|wp-content/blogs\.dir/\d+/files|files)/")
SMALLER = re.compile(r"-\d+x\d+(?=\.\w+$)")  # as in picture-300x200.jpg
RELAY = re.compile(r"^(https?:)?//i\d\.wp\.com/")
PICTURES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tiff", ".avif", ".svg"}


class Pictures:
    """Finds a picture by its old address, once; `missing` says why the others were not found.

    `folder` is a copy of wp-content/uploads; what it lacks, `fetch` brings, where it is given.
    """

    def __init__(self, folder: Path | None, fetch: Callable[[str], bytes] | None) -> None:
        self.folder = folder.resolve() if folder else None
        self.fetch = fetch
        self.found: dict[str, Picture | None] = {}
        self.missing: dict[str, str] = {}
        self.new: list[Picture] = []

    def get(self, *addresses: str) -> Picture | None:
        """The picture at the first of these addresses that has one: the original before a copy."""
        wanted = [_plain_address(address) for address in addresses if address]
        wanted = list(dict.fromkeys([*(SMALLER.sub("", address) for address in wanted), *wanted]))
        for address in wanted:
            if address not in self.found:
                self.found[address] = self._keep(address)
            if picture := self.found[address]:
                return picture
        return None

    def why(self, address: str) -> str:
        return self.missing.get(_plain_address(address), _("it has no address"))

    def forget(self) -> None:
        """Take back what was kept, since the import did not come to its end."""
        for picture in self.new:
            storage, name = picture.file.storage, str(picture.file.name)
            Picture.objects.filter(pk=picture.pk).delete()
            delete_with_copies(storage, name)

    def _keep(self, address: str) -> Picture | None:
        try:
            upload = SimpleUploadedFile(_file_name(address), self._read(address))
            last = Picture.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            picture = Picture.objects.keep(upload, by=None)
        except (NotFetchedError, OSError) as error:
            self.missing[address] = str(error)
        except ValidationError as error:
            self.missing[address] = " ".join(error.messages)
        else:
            if picture.pk > last:
                self.new.append(picture)
            return picture
        return None

    def _read(self, address: str) -> bytes:
        if (path := self._in_folder(address)) is not None:
            if path.stat().st_size > MAX_MEGABYTES * 1024 * 1024:
                raise NotFetchedError(_("it has more than %(limit)d MB") % {"limit": MAX_MEGABYTES})
            return path.read_bytes()
        if self.fetch is None:
            raise NotFetchedError(_("the file is not in the folder of uploads"))
        return self.fetch(address)

    def _in_folder(self, address: str) -> Path | None:
        parts = UPLOADS.split(urlsplit(address).path, maxsplit=1)
        if self.folder is None or len(parts) < 2 or "\0" in unquote(parts[1]):
            return None
        path = (self.folder / unquote(parts[1])).resolve()
        return path if path.is_relative_to(self.folder) and path.is_file() else None


def is_picture(address: str) -> bool:
    """Whether an address looks like that of a picture's file."""
    return PurePosixPath(urlsplit(address).path).suffix.lower() in PICTURES


def _plain_address(address: str) -> str:
    """Without the relay that WordPress.com puts before a picture, and without its parameters."""
    if RELAY.match(address):
        return RELAY.sub("https://", address).partition("?")[0]
    return f"https:{address}" if address.startswith("//") else address


def _file_name(address: str) -> str:
    return PurePosixPath(unquote(urlsplit(address).path)).name or "picture"


def delete_with_copies(storage: Storage, name: str) -> None:
    for file in (name, *(rendition_name(name, width) for width in WIDTHS)):
        storage.delete(file)
