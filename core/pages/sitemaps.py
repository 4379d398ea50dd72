"""The single pages in the sitemap."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.db.models import Q
from django.urls import reverse

from core.sitemaps import SinglePart

FIRST_PAGES = ("home", "news:list", "products:list", "contacts:list", "inquiries:form")


def _flat_page_paths() -> Iterator[str]:
    """The pages for all languages; one for a single language replaces a translation."""
    in_a_language = Q()
    for code, _name in settings.LANGUAGES:
        in_a_language |= Q(url__startswith=f"/{code}/")
    shown = FlatPage.objects.filter(sites=settings.SITE_ID, registration_required=False)
    for url in shown.exclude(in_a_language).values_list("url", flat=True):
        yield reverse("page", args=[url.lstrip("/")])


sections = {
    "pages": SinglePart(lambda: map(reverse, FIRST_PAGES)),
    "flat-pages": SinglePart(_flat_page_paths),
}
