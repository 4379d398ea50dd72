"""The cache tag of single pages."""

from django.contrib.flatpages.models import FlatPage

from core.page_cache.changes import watch_all, watch_relation

PAGES = "pages"


def watch_models() -> None:
    """Mark all single pages when one of them changes."""
    watch_all({FlatPage: PAGES})
    watch_relation(FlatPage.sites.through, lambda page: [PAGES])
