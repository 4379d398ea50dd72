"""The pages in the sitemap."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from core.pages.models import Page, url_of_path
from core.sitemaps import SinglePart

FIRST_PAGES = ("home", "news:list", "products:list", "contacts:list", "inquiries:form")


def _page_paths() -> Iterator[str]:
    pages = Page.objects.published().filter(is_home=False)
    with translation.override(settings.LANGUAGE_CODE):
        yield from map(url_of_path, pages.values_list("path", flat=True))


sections = {
    "pages": SinglePart(lambda: map(reverse, FIRST_PAGES)),
    "flat-pages": SinglePart(_page_paths),
}
