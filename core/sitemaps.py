"""The base of every part of the sitemap, and the part for pages that belong to no app."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse


class TranslatedSitemap(Sitemap):
    """A part of the sitemap that lists each page in every language of the site."""

    i18n = alternates = x_default = True
    limit = 1000  # pages in one file, each in every language

    def get_domain(self, site: Any = None) -> str:
        """The host of SITE_URL, which may have changed since the migration named the site."""
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme


class PageSitemap(TranslatedSitemap):
    """Home, and the first page of each app."""

    def items(self) -> list[str]:
        return ["home", "news:list", "products:list", "contacts:list", "inquiries:form"]

    def location(self, name: str) -> str:
        return reverse(name)
