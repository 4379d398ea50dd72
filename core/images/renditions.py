"""The smaller WebP copies of a picture, made once, after the row that holds it is committed."""

import logging
from pathlib import PurePosixPath
from typing import Any

from django.db.models.fields.files import ImageFieldFile
from imagekit import ImageSpec
from imagekit.processors import ResizeToFit
from imagekit.utils import generate

WIDTHS = (480, 960)  # pixels

logger = logging.getLogger(__name__)


class Rendition(ImageSpec):
    """A picture as WebP, `width` pixels wide."""

    format = "WEBP"
    options = {"quality": 80}

    def __init__(self, source: ImageFieldFile, width: int) -> None:
        super().__init__(source)
        self.processors = [ResizeToFit(width=width, upscale=False)]


def stored_size(picture: ImageFieldFile) -> tuple[int | None, int | None]:
    """Width and height as the row keeps them; no file is opened."""
    field: Any = picture.field
    width, height = (
        getattr(picture.instance, name) if name else None
        for name in (field.width_field, field.height_field)
    )
    return width, height


def rendition_name(name: str, width: int) -> str:
    """`covers/0a1b.jpg` at 480 pixels is kept as `covers/0a1b.480.webp`, beside the original."""
    return str(PurePosixPath(name).with_suffix(f".{width}.webp"))


def rendition_widths(original_width: int) -> list[int]:
    """The widths a picture is kept at beside its own: never wider than it is."""
    return [width for width in WIDTHS if width < original_width]


def make_renditions(picture: ImageFieldFile) -> int:
    """Make the copies of `picture` that its storage does not hold yet; returns how many.

    Raises nothing: the picture itself is kept, so what a full disk hinders is logged, and
    `manage.py make_renditions` makes up for it later.
    """
    made = 0
    try:
        for width in rendition_widths(picture.width):
            name = rendition_name(str(picture.name), width)
            if not picture.storage.exists(name):
                picture.storage.save(name, generate(Rendition(picture, width)))
                made += 1
    except Exception:  # whatever a storage or a decoder raises
        logger.exception("The smaller copies of %s could not be made.", picture.name)
    finally:
        picture.close()
    return made
