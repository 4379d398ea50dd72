"""The alternative texts of the pictures in a rich text."""

from django.core.files.storage import default_storage
from modeltranslation.utils import build_localized_fieldname

from core.text.html import read_html

MAX_IMAGES = 200  # of one text


def alt_field(language: str) -> str:
    """The name of the column with the alternative text in `language`."""
    return build_localized_fieldname("alt", language)


def alt_texts(html: str) -> dict[str, str]:
    """The alternative texts of the site's own pictures in `html`, by stored file name.

    Pictures without one are left out; if a picture is used twice, its first text counts.
    """
    base = default_storage.url("")
    texts: dict[str, str] = {}
    for image in read_html(html).images[:MAX_IMAGES]:
        if image.alt and image.url.startswith(base):
            texts.setdefault(image.url.removeprefix(base), image.alt)
    return texts
