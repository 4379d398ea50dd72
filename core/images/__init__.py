"""Pictures: checked and re-encoded when they are uploaded, kept at several widths for the pages."""

from core.images.fields import PictureField
from core.images.uploads import prepare_picture

__all__ = ["PictureField", "prepare_picture"]
