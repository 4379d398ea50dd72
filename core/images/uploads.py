"""Turning an upload into a picture that is safe to store and serve."""

import hashlib
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp"}
MAX_MEGABYTES = 10
MAX_MEGAPIXELS = 40
MAX_SIDE = 2400  # pixels

OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 86, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "GIF": {"optimize": True},
    "WEBP": {"quality": 86},
}
SCALABLE_MODES = {"RGB", "RGBA", "L", "LA", "CMYK"}


def prepare_picture(upload: File) -> ContentFile:
    """Re-encode the picture in `upload` in its own format, named by a hash of its content.

    The format is detected by decoding, not from the name or content type. The picture is turned
    upright, converted to sRGB and scaled down to MAX_SIDE; metadata and all frames but the first
    are removed.

    Raises ValidationError for a file that is too large, damaged, or not a JPEG, PNG, GIF or WebP.
    """
    if upload.size > MAX_MEGABYTES * 1024 * 1024:
        raise ValidationError(too_large_message(), code="too_many_bytes")
    upload.seek(0)
    content, extension = _re_encode(upload.read())
    name = hashlib.sha256(content).hexdigest()[:32]
    return ContentFile(content, name=f"{name}.{extension}")


def too_large_message() -> str:
    """What the user reads about a file of more than MAX_MEGABYTES."""
    text = _("This image is larger than %(limit)d MB. Reduce its size and upload it again.")
    return text % {"limit": MAX_MEGABYTES}


def _re_encode(data: bytes) -> tuple[bytes, str]:
    """The bytes of the cleaned picture, and the extension of its format."""
    try:
        with Image.open(BytesIO(data), formats=list(EXTENSIONS)) as image:
            if image.width * image.height > MAX_MEGAPIXELS * 1_000_000:
                raise _too_many_pixels()
            # JPEG files of some phones hold a second picture; Pillow calls these MPO.
            image_format = "JPEG" if image.format == "MPO" else str(image.format)
            clean = _clean(image)
            out = BytesIO()
            clean.save(out, image_format, **OPTIONS[image_format])
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Image.UnidentifiedImageError as error:
        raise ValidationError(
            _("This file is not a supported image. Upload a JPEG, PNG, GIF or WebP file."),
            code="not_a_picture",
        ) from error
    except Exception as error:  # Pillow raises almost anything for a damaged file
        raise ValidationError(
            _("This image is damaged or incomplete. Save it again and upload it."),
            code="damaged",
        ) from error
    return out.getvalue(), EXTENSIONS[image_format]


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        _("This image is larger than %(limit)d megapixels. Scale it down and upload it again.")
        % {"limit": MAX_MEGAPIXELS},
        code="too_many_pixels",
    )


def _clean(image: Image.Image) -> Image.Image:
    """`image` upright, in sRGB, at most MAX_SIDE wide and high, without metadata."""
    if image.mode.startswith("I"):  # 16 bits per pixel, which Pillow would clip instead of scaling
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode not in SCALABLE_MODES or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    # Scaled first, so that a large photograph is decoded at a smaller size.
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    image = _in_srgb(_upright(image))
    image.info.clear()
    return image


def _upright(image: Image.Image) -> Image.Image:
    """`image` rotated according to its EXIF data; unreadable data are ignored."""
    try:
        return ImageOps.exif_transpose(image)
    except (SyntaxError, ValueError, TypeError, OSError):
        return image


def _in_srgb(image: Image.Image) -> Image.Image:
    """`image` in RGB or RGBA, converted to sRGB from the colour profile that it names."""
    mode = "RGBA" if image.mode in {"RGBA", "LA"} else "RGB"
    if profile := image.info.get("icc_profile"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, source, srgb, outputMode=mode) or image
        except (ImageCms.PyCMSError, OSError):
            pass  # an unreadable profile, or one for other channels, is ignored
    return image.convert(mode)
