"""The icon of a site: a square PNG, which all browsers and phones accept."""

from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from core.images.decoding import pillow
from core.images.fields import PictureFormField
from core.images.uploads import name_by_content

SIDE = 512  # pixels, as home screens of phones need
MIN_SIDE = 192


class IconFormField(PictureFormField):
    """Turns an upload into a square PNG of SIDE pixels, with transparent edges if it is not square.

    Raises ValidationError as `prepare_picture` does, and for a picture that is too small.
    """

    def to_python(self, data: Any) -> File | None:
        picture = super().to_python(data)
        return _squared(picture) if picture else None


def _squared(picture: File) -> ContentFile:
    with pillow().open(picture) as image:
        if max(image.size) < MIN_SIDE:
            raise ValidationError(
                _("This picture is smaller than %(side)d × %(side)d pixels.") % {"side": MIN_SIDE},
                code="too_small",
            )
        from PIL import ImageOps

        square = ImageOps.pad(image.convert("RGBA"), (SIDE, SIDE), color=(0, 0, 0, 0))
    out = BytesIO()
    square.save(out, "PNG", optimize=True)
    return ContentFile(out.getvalue(), name=name_by_content(out.getvalue(), "png"))
