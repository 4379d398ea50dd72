"""Pictures: checked and re-encoded when they are uploaded, kept at several widths for the pages."""

from config.pictures.fields import PictureField
from config.pictures.uploads import prepare_picture

__all__ = ["PictureField", "prepare_picture"]
