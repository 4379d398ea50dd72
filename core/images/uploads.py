"""Turning an upload into a picture that is safe to store and serve."""

import hashlib
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from core.images.decoding import opened_picture, scaled_copy

EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp"}
# JPEG files of some phones hold a second picture; Pillow calls these MPO. The photos of iPhones are
# HEIC files, which most browsers do not show; they may be transparent.
STORED_AS = {"MPO": "JPEG", "HEIF": "WEBP", "AVIF": "WEBP"}
ACCEPTED = (*EXTENSIONS, "HEIF", "AVIF")
ACCEPTED_TYPES = [f"image/{name.lower()}" for name in (*EXTENSIONS, "HEIC", "HEIF", "AVIF")]
MAX_MEGABYTES = 40
MAX_MEGAPIXELS = 40  # decoded at once; a JPEG photo may have more, as it is decoded smaller
MAX_SIDE = 2400  # pixels

OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 86, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "GIF": {"optimize": True},
    "WEBP": {"quality": 86},
}


def prepare_picture(upload: File) -> ContentFile:
    """Re-encode the picture in `upload`, named by a hash of its content.

    It stays in its own format, or becomes WebP if not all browsers can show that.

    The format is detected by decoding, not from the name or content type. The picture is turned
    upright, converted to sRGB and scaled down to MAX_SIDE; metadata and all frames but the first
    are removed.

    Raises ValidationError for a file that is too large, damaged, or not a JPEG, PNG, GIF, WebP,
    HEIC or AVIF.
    """
    if upload.size > MAX_MEGABYTES * 1024 * 1024:
        raise ValidationError(too_large_message(), code="too_many_bytes")
    out = BytesIO()
    with opened_picture(upload, ACCEPTED) as image:
        image_format = STORED_AS.get(str(image.format), str(image.format))
        clean = scaled_copy(image, MAX_SIDE, MAX_MEGAPIXELS)
        clean.save(out, image_format, **OPTIONS[image_format])
    content = out.getvalue()
    return ContentFile(content, name=name_by_content(content, EXTENSIONS[image_format]))


def name_by_content(content: bytes, extension: str) -> str:
    """The name of a file, equal for equal content."""
    return f"{hashlib.sha256(content).hexdigest()[:32]}.{extension}"


def too_large_message() -> str:
    """What the user reads about a file of more than MAX_MEGABYTES."""
    text = _("This image is larger than %(limit)d MB. Reduce its size and upload it again.")
    return text % {"limit": MAX_MEGABYTES}
