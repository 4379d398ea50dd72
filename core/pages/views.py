"""Showing a single page."""

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core.page_cache.views import cached_page
from core.pages.page_cache import PAGES


@cached_page(PAGES)
def page(request: HttpRequest, url: str) -> HttpResponse:
    """Show the flat page at this URL; raises Http404 if there is none.

    A page for one language (`/ar/about/`) takes precedence over the one for all (`/about/`).
    Django's own view would not escape the title.
    """
    if "\0" in url:  # PostgreSQL does not accept it in a text
        raise Http404
    shown = FlatPage.objects.filter(sites=settings.SITE_ID, registration_required=False)
    found = shown.filter(url__in={request.path_info, f"/{url}"})
    page = max(found, key=lambda page: len(page.url), default=None)
    if page is None:
        # So that the error page does not link to the same URL in other languages.
        request.resolver_match = None
        raise Http404
    return render(request, "flatpages/default.html", {"flatpage": page})
