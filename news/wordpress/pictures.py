"""Imports the old site's pictures into the picture library."""

import re

from django.core.exceptions import ValidationError
from django.core.files.storage import Storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from core.images.renditions import WIDTHS, rendition_name
from core.images.uploads import MAX_MEGABYTES
from core.richtext.models import Picture
from core.richtext.services import add_picture
from news.wordpress.attachments import file_name
from news.wordpress.download import DownloadError
from news.wordpress.source import FileSource, normalize_file_url

SIZE_SUFFIX = re.compile(r"-\d+x\d+(?=\.\w+$)")  # as in picture-300x200.jpg
LAST_DOT = re.compile(r"(?=\.\w+$)")


class PictureImporter:
    """Imports each picture once from `source`.

    `found` has the picture for each URL that was looked up, `missing` the reason for each URL
    without one, `new` the pictures that were added.
    """

    def __init__(self, source: FileSource) -> None:
        self.source = source
        self.found: dict[str, Picture | None] = {}
        self.missing: dict[str, str] = {}
        self.new: list[Picture] = []

    def get(self, *urls: str) -> Picture | None:
        """The picture at the first of these URLs that has one, in its original size if possible."""
        normalized = [normalize_file_url(url) for url in urls if url]
        originals = [original for url in normalized for original in self._originals(url)]
        for url in dict.fromkeys([*originals, *normalized]):
            if url not in self.found:
                self.found[url] = self._import(url)
            if picture := self.found[url]:
                return picture
        return None

    def missing_reason(self, url: str) -> str:
        return self.missing.get(normalize_file_url(url), _("no URL"))

    def delete_new(self) -> None:
        """Delete the new pictures with their files, after the import failed."""
        for picture in self.new:
            storage, name = picture.file.storage, str(picture.file.name)
            Picture.objects.filter(pk=picture.pk).delete()
            delete_with_renditions(storage, name)

    def _originals(self, url: str) -> list[str]:
        """The URLs where the picture may be in its original size."""
        original = SIZE_SUFFIX.sub("", url)
        if original == url or self.source.is_attachment(url):
            return [url]
        # WordPress stores pictures wider than 2560 pixels in a smaller size as well.
        return [original, LAST_DOT.sub("-scaled", original)]

    def _import(self, url: str) -> Picture | None:
        try:
            with self.source.open(url, MAX_MEGABYTES) as file:
                upload = SimpleUploadedFile(file_name(url) or "picture", file.read())
            last = Picture.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            picture = add_picture(upload, by=None)
        except (DownloadError, OSError, ValueError) as error:
            self.missing[url] = str(error)
        except ValidationError as error:
            self.missing[url] = " ".join(error.messages)
        else:
            if picture.pk > last:
                self.new.append(picture)
            return picture
        return None


def delete_with_renditions(storage: Storage, name: str) -> None:
    for file in (name, *(rendition_name(name, width) for width in WIDTHS)):
        storage.delete(file)
