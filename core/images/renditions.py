"""The smaller WebP copies of a picture, made once, after its row is committed."""

import logging
import os.path
from typing import Any

from django.db.models.fields.files import ImageFieldFile

from core.images.scaling import scaled
from core.images.uploads import EXTENSIONS

WIDTHS = (480, 960)  # pixels

logger = logging.getLogger(__name__)


def stored_size(picture: ImageFieldFile) -> tuple[int | None, int | None]:
    """Width and height as stored in the row; no file is opened."""
    field: Any = picture.field
    width, height = (
        getattr(picture.instance, name) if name else None
        for name in (field.width_field, field.height_field)
    )
    return width, height


def rendition_name(name: str, width: int) -> str:
    """The name or URL of a copy: `covers/0a1b.480.webp` for `covers/0a1b.jpg` at 480 pixels."""
    return f"{os.path.splitext(name)[0]}.{width}.webp"


def original_names(name: str) -> list[str]:
    """The names that the picture may have of which `name` is a copy; none if it is no copy."""
    stem, extension = os.path.splitext(name)
    original, width = os.path.splitext(stem)
    is_copy = extension == ".webp" and width[1:] in map(str, WIDTHS)
    return [f"{original}.{each}" for each in EXTENSIONS.values()] if is_copy else []


def rendition_widths(original_width: int) -> list[int]:
    """The widths of the copies, all smaller than the original."""
    return [width for width in WIDTHS if width < original_width]


def make_renditions(picture: ImageFieldFile) -> int:
    """Make the copies of `picture` that are missing from its storage; returns their number.

    An error, such as a full disk, is only logged, because the picture itself is already stored;
    `manage.py make_renditions` makes the missing copies later.
    """
    made = 0
    try:
        for width in rendition_widths(picture.width):
            name = rendition_name(str(picture.name), width)
            if not picture.storage.exists(name):
                picture.storage.save(name, scaled(picture, "WEBP", width))
                made += 1
    except Exception:  # storages and decoders raise their own errors
        logger.exception("Could not create the renditions of %s.", picture.name)
    finally:
        picture.close()
    return made
