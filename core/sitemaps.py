"""The base of every part of the sitemap, and the part for pages that belong to no app."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from core.absolute_urls import absolute_url
from core.replica import replica_reads


class SiteUrlSitemap(Sitemap):
    """A sitemap with the scheme and host of SITE_URL, not those of the request and the site row."""

    limit = 1000  # pages in one file

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme


class TranslatedSitemap(SiteUrlSitemap):
    """A part of the sitemap that lists each page in every language of the site."""

    i18n = alternates = x_default = True


class PageSitemap(TranslatedSitemap):
    """Home, and the first page of each app."""

    def items(self) -> list[str]:
        return ["home", "news:list", "products:list", "contacts:list", "inquiries:form"]

    def location(self, name: str) -> str:
        return reverse(name)


@replica_reads()
def index(request: HttpRequest, sitemaps: dict[str, Any]) -> TemplateResponse:
    """The list of all parts. Django's own view would write the host of the site row."""
    response = views.index(request, sitemaps, sitemap_url_name="sitemap")
    for part in (response.context_data or {})["sitemaps"]:
        part.location = absolute_url(
            urlsplit(part.location)._replace(scheme="", netloc="").geturl()
        )
    return response


@replica_reads()
def part(request: HttpRequest, sitemaps: dict[str, Any], **options: Any) -> TemplateResponse:
    """One part of the sitemap, as Django's own view writes it."""
    return views.sitemap(request, sitemaps, **options)
