"""Smaller copies of stored pictures."""

from typing import Any

from core.images.decoding import pillow


def scaled(source: Any, file_format: str, width: int, height: int | None = None) -> Any:
    """A file with the picture in `source`, at most so many pixels wide and high."""
    pillow()  # with its limits
    # Only if used, as Pillow; that is why imagekit is not among the INSTALLED_APPS.
    from imagekit import ImageSpec
    from imagekit.processors import ResizeToFit
    from imagekit.utils import generate

    class Copy(ImageSpec):
        processors = [ResizeToFit(width, height, upscale=False)]
        format = file_format
        options = {"quality": 80}

    return generate(Copy(source))
