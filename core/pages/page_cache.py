"""The cache tag of pages and of the pictures in them."""

from core.page_cache.changes import watch_all
from core.pages.models import CHANGED_TAG, Page
from core.richtext.models import Picture


def watch_models() -> None:
    """Mark all pages when one of them, or a picture of the library, changes."""
    watch_all({Page: CHANGED_TAG, Picture: CHANGED_TAG})
