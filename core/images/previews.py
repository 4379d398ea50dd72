"""Small copies of pictures that other people sent, to be shown in a page."""

import logging
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File

from core.images.decoding import PICTURE_FORMATS, opened_picture, scaled_copy

CONTENT_TYPE = "image/webp"
MAX_SIDE = 1200  # pixels
SMALL_SIDE = 320
MAX_MEGAPIXELS = 64  # decoded at once: about 500 MB of memory

logger = logging.getLogger(__name__)


def make_preview(file: File) -> ContentFile | None:
    """The picture in `file` as WebP, upright and without metadata; None if it cannot be decoded.

    A picture that has to be decoded at more than MAX_MEGAPIXELS gets one only if it contains a
    smaller copy of itself.
    """
    reason = ""
    for max_side in (MAX_SIDE, SMALL_SIDE):
        try:
            return _encoded(file, max_side)
        except ValidationError as error:
            reason = " ".join(error.messages)
            if error.code != "too_many_pixels":
                break
    logger.info("%s has no preview: %s", file.name, reason)
    return None


def _encoded(file: File, max_side: int) -> ContentFile:
    out = BytesIO()
    with opened_picture(file, PICTURE_FORMATS) as picture:
        scaled_copy(picture, max_side, MAX_MEGAPIXELS).save(out, "WEBP", quality=80)
    return ContentFile(out.getvalue(), name="preview.webp")
