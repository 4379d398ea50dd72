"""Showing a page that is made of blocks."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.page_cache.views import cached_page
from core.pages.models import CHANGED_TAG, Page
from core.pages.queries import find_home_page, find_page
from core.pages.shown_blocks import show_blocks


@cached_page(CHANGED_TAG)
def page(request: HttpRequest, url: str) -> HttpResponse:
    """Show the published page at this URL; raises Http404 if there is none."""
    found = find_page(url.rstrip("/")) if "\0" not in url else None  # PostgreSQL accepts none
    if found is None:
        # So that the error page does not link to the same URL in other languages.
        request.resolver_match = None
        raise Http404
    return redirect(found) if found.is_home else render_page(request, found)


def home(request: HttpRequest, standard_home: Callable[..., HttpResponse]) -> HttpResponse:
    """Show the page that is marked as the home page, else the standard one."""
    found = find_home_page()
    return render_page(request, found) if found else standard_home(request)


def render_page(request: HttpRequest, page: Page, *, is_preview: bool = False) -> HttpResponse:
    """The public page of `page`, which may be a draft or not be saved."""
    shown = show_blocks(request, page)
    template = "pages/home.html" if page.is_home else "pages/page.html"
    response = render(request, template, {"page": page, "shown": shown, "is_preview": is_preview})
    shown.extend_policy(response)
    return response
