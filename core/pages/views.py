"""Reading a free-standing page."""

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render


def page(request: HttpRequest, url: str) -> HttpResponse:
    """The flat page at this address; 404 where there is none.

    One written for a language (`/ar/about/`) is shown before the one for all (`/about/`).
    Django's own view would take the title for HTML.
    """
    if "\0" in url:  # which PostgreSQL knows in no text
        raise Http404
    shown = FlatPage.objects.filter(sites=settings.SITE_ID, registration_required=False)
    found = shown.filter(url__in={request.path_info, f"/{url}"})
    page = max(found, key=lambda page: len(page.url), default=None)
    if page is None:
        # So that the page that says so does not offer the same address in other languages.
        request.resolver_match = None
        raise Http404
    return render(request, "flatpages/default.html", {"flatpage": page})
