"""The cache tags of pages and of the pictures in them."""

from core.page_cache.changes import watch, watch_all
from core.page_cache.versions import EVERY_PAGE
from core.pages.models import CHANGED_TAG, Page
from core.richtext.models import Picture


def find_tags(page: Page) -> list[str]:
    """All pages change with one of them; each process keeps the home page like the company."""
    return [CHANGED_TAG, EVERY_PAGE] if page.is_home else [CHANGED_TAG]


def watch_models() -> None:
    """Mark all pages when one of them, or a picture of the library, changes."""
    watch(Page, find_tags)
    watch_all({Picture: CHANGED_TAG})
