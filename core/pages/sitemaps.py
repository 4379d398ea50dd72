from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.db.models import Q, QuerySet
from django.urls import reverse

from core.sitemaps import TranslatedSitemap


class FlatPageSitemap(TranslatedSitemap):
    """The single pages for all languages; one for a single language replaces a translation."""

    def items(self) -> QuerySet[FlatPage]:
        in_a_language = Q()
        for code, _name in settings.LANGUAGES:
            in_a_language |= Q(url__startswith=f"/{code}/")
        shown = FlatPage.objects.filter(sites=settings.SITE_ID, registration_required=False)
        return shown.exclude(in_a_language).only("url")

    def location(self, page: FlatPage) -> str:
        return reverse("page", args=[page.url.lstrip("/")])
