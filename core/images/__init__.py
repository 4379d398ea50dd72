"""Pictures: validated and re-encoded on upload, stored in several widths."""

from core.images.fields import PictureField
from core.images.uploads import prepare_picture

__all__ = ["PictureField", "prepare_picture"]
