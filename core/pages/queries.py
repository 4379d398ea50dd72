"""What the public pages read of pages: prepared queries, and functions that call them."""

from typing import Any

from django.db import models

from core.page_cache.copies import ProcessCopy
from core.page_cache.versions import EVERY_PAGE
from core.pages.models import Page, PageQuerySet
from core.prepared_queries import prepared


@prepared(path=models.CharField())
def _published_at(path: Any) -> PageQuerySet:
    return Page.objects.published().filter(path=path).select_related("parent")


def find_page(path: str) -> Page | None:
    """The published page at this path, such as `about/team`."""
    return _published_at(path=path).first()


@prepared()
def _published_home() -> PageQuerySet:
    return Page.objects.published().filter(is_home=True)


def find_home_page() -> Page | None:
    """The published page that is marked as the home page, which each process keeps."""
    return home_page.get()


home_page: ProcessCopy[Page | None] = ProcessCopy(lambda: _published_home().first(), EVERY_PAGE)
