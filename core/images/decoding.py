"""Opening pictures of any size and decoding them with bounded memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from PIL import Image

MAX_MEGAPIXELS = 250  # phones take photos of up to 200 megapixels
PICTURE_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "HEIF", "AVIF")
SCALABLE_MODES = {"RGB", "RGBA", "L", "LA", "CMYK"}


@cache
def pillow() -> Any:
    """The module `PIL.Image`, which also opens HEIC and AVIF files.

    It is only loaded for uploads, because a process then takes 7 MB more.
    """
    import pillow_heif
    from PIL import Image

    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = MAX_MEGAPIXELS * 1_000_000
    return Image


@contextmanager
def opened_picture(file: File, formats: Collection[str]) -> Iterator[Image.Image]:
    """The picture in `file`, not decoded yet; `formats` are names of Pillow's.

    Raises ValidationError for another format or a damaged picture, also if the damage is found in
    the block.
    """
    library = pillow()
    file.seek(0)
    try:
        with library.open(file, formats=list(formats)) as image:
            yield image
    except ValidationError:
        raise
    except (library.DecompressionBombError, library.DecompressionBombWarning) as error:
        raise _too_many_pixels(MAX_MEGAPIXELS) from error
    except library.UnidentifiedImageError as error:
        raise ValidationError(
            _("This file is not a supported image. Upload a JPEG, PNG, GIF or WebP file."),
            code="not_a_picture",
        ) from error
    except Exception as error:  # Pillow raises almost anything for a damaged file
        raise ValidationError(
            _("This image is damaged or incomplete. Save it again and upload it."),
            code="damaged",
        ) from error


def _too_many_pixels(limit: int) -> ValidationError:
    return ValidationError(
        _("This image is larger than %(limit)d megapixels. Scale it down and upload it again.")
        % {"limit": limit},
        code="too_many_pixels",
    )


def check_megapixels(image: Image.Image, limit: int = MAX_MEGAPIXELS) -> None:
    """Raise ValidationError if `image` has more than `limit` megapixels."""
    if image.width * image.height > limit * 1_000_000:
        raise _too_many_pixels(limit)


def scaled_copy(image: Image.Image, max_side: int, max_megapixels: int) -> Image.Image:
    """`image` upright, in sRGB, at most `max_side` pixels wide and high, without metadata.

    Raises ValidationError if more than `max_megapixels` have to be decoded for it. That is less
    than the picture has for a JPEG file, which is decoded smaller, and for a HEIC file that
    contains a smaller copy.
    """
    # All of a progressive JPEG file is in memory while it is decoded smaller.
    if image.info.get("progressive"):
        check_megapixels(image, max_megapixels)
    is_too_large = image.width * image.height > MAX_MEGAPIXELS * 1_000_000
    factor = max_side / max(image.size)
    if factor < 1:
        image.draft(None, (max(1, int(image.width * factor)), max(1, int(image.height * factor))))
    check_megapixels(image, max_megapixels)
    if is_too_large:
        raise _too_many_pixels(MAX_MEGAPIXELS)
    if image.mode.startswith("I"):  # 16 bits per pixel, which Pillow would clip instead of scaling
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode not in SCALABLE_MODES or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((max_side, max_side))
    image = _in_srgb(_upright(image))
    image.info.clear()
    return image


def _upright(image: Image.Image) -> Image.Image:
    """`image` rotated according to its EXIF data; unreadable data are ignored."""
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(image)
    except (SyntaxError, ValueError, TypeError, OSError):
        return image


def _in_srgb(image: Image.Image) -> Image.Image:
    """`image` in RGB or RGBA, converted to sRGB from the colour profile that it names."""
    from PIL import ImageCms

    mode = "RGBA" if image.mode in {"RGBA", "LA"} else "RGB"
    if profile := image.info.get("icc_profile"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, source, srgb, outputMode=mode) or image
        except (ImageCms.PyCMSError, OSError):
            pass  # an unreadable profile, or one for other channels, is ignored
    return image.convert(mode)
