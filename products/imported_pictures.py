"""Pictures that a table of products names."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _
from import_export.fields import Field
from modeltranslation.utils import build_localized_fieldname

from core.images import prepare_picture
from products.cells import read_lines, write_lines
from products.models import ProductImage

ALT = build_localized_fieldname("alt", settings.LANGUAGE_CODE)
MOST = 30  # pictures of one product


Source = Callable[[str], bytes | None]  # the file of a name; None where there is none


def in_folder(folder: Path) -> Source:
    """The files that lie in `folder`; no other file can be named."""

    def read(name: str) -> bytes | None:
        is_plain = PurePosixPath(name).name == name and "\\" not in name and "\0" not in name
        path = folder / name
        return path.read_bytes() if is_plain and path.is_file() else None

    return read


class NamedPictures(Field):
    """A cell with a line for each picture, as `jaw.jpg | What it shows`.

    A name is that of a picture which the product has, or of a file that `source` has. What it shows
    is in the first language of the site; other languages stay.
    """

    def __init__(self, source: Source | None = None) -> None:
        self.source = source
        self.stored: list[FieldFile] = []
        super().__init__(attribute="images", column_name="images")

    def get_value(self, instance: Any, **kwargs: Any) -> str:
        if "read_images" in instance.__dict__:
            lines = [
                [name, alt] if isinstance(image, ContentFile) else _line(image, alt)
                for (name, alt), image in instance.read_images
            ]
            return write_lines(lines)
        images = instance.images.all() if instance.pk else []
        return write_lines([_line(image) for image in images])

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """Find every picture, before anything is written."""
        lines = read_lines(row[self.column_name], 2)
        if len(lines) > MOST:
            raise ValueError(_("A product has at most %d pictures.") % MOST)
        there = {_name(image): image for image in instance.images.all()} if instance.pk else {}
        # The same file again is the picture that was made of it before.
        made = {_content_of(name): image for name, image in there.items()}
        instance.read_images = []
        for name, alt in lines:
            image = there.get(name) or self._read(name)
            if isinstance(image, ContentFile):
                image = made.get(_content_of(str(image.name)), image)
            instance.read_images.append(((name, alt), image))

    def _read(self, name: str) -> ContentFile:
        """The picture of this name, out of the source."""
        try:
            data = self.source(name) if self.source else None
            if data is None:
                raise ValueError(_("There is no picture called “%s”.") % name)
            return prepare_picture(ContentFile(data, name=name))
        except ValidationError as error:
            raise ValueError(f"{name}: {' '.join(error.messages)}") from error

    def keep(self, product: Any, dry_run: bool) -> None:
        """Give the product the pictures that were read, in their order; none else."""
        read = product.__dict__.get("read_images")
        if read is None or dry_run:  # which leaves no file behind
            return
        kept = [image.pk for _line, image in read if isinstance(image, ProductImage)]
        product.images.exclude(pk__in=kept).delete()
        for place, ((_typed, alt), image) in enumerate(read):
            is_new = isinstance(image, ContentFile)
            if is_new:
                image = ProductImage(product=product, image=image)
            image.order = place
            if alt:
                setattr(image, ALT, alt)
            image.save()
            if is_new:
                self.stored.append(image.image)
        del product.read_images

    def forget(self) -> None:
        """Delete the files that were kept, as the database does their rows."""
        while self.stored:
            file = self.stored.pop()
            file.storage.delete(str(file.name))


def _line(image: ProductImage, alt: str = "") -> list[str]:
    """How a cell names a picture that is there; what it shows stays where `alt` says nothing."""
    return [_name(image), alt or getattr(image, ALT) or ""]


def _name(image: ProductImage) -> str:
    return PurePosixPath(str(image.image.name)).name


def _content_of(name: str) -> str:
    """The hash that `prepare_picture` names a picture by, without what the storage added."""
    return name.partition(".")[0].partition("_")[0]
