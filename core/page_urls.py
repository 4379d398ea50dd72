"""The URLs of public pages, without the work of Django's `reverse`."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, override

SLUG = "SLUG"  # stands for the slug in a URL


def page_url(view_name: str, slug: str = "", language: str | None = None) -> str:
    """The URL of a page in a language or the active one; `slug` is its argument, if it has one.

    `reverse` would take 25 microseconds each time, and a page has up to fifty links.
    """
    url = _reverse(view_name, bool(slug), language or get_language(), get_script_prefix())
    return url.replace(SLUG, slug) if slug else url


@lru_cache(maxsize=1000)
def _reverse(view_name: str, has_slug: bool, language: str | None, script_prefix: str) -> str:
    with override(language):
        return reverse(view_name, args=[SLUG] if has_slug else [])
