"""The cache tag of the menus, which are on every page."""

from collections.abc import Iterator

from django.db.models import Model

from core.menus.models import MenuItem
from core.page_cache.changes import watch, watch_all
from core.page_cache.versions import EVERY_PAGE


def watch_models() -> None:
    """Mark every page when an item changes."""
    watch_all({MenuItem: EVERY_PAGE})


def watch_target(kind: str, model: type[Model]) -> None:
    """Mark every page when a row changes of a kind that a menu leads to.

    Any row of it, because a page takes the ones below it to another URL.
    """

    def find_tags(row: Model) -> Iterator[str]:
        if MenuItem.objects.filter(kind=kind).exists():
            yield EVERY_PAGE

    watch(model, find_tags)
