"""Confirming on the same page what a button did there."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.html import format_html

from core.http import referring_url


def wants_json(request: HttpRequest) -> bool:
    """Whether the site's script sent the form, which shows the answer on its page."""
    return request.headers.get("Accept") == "application/json"


def confirm(
    request: HttpRequest, text: str, url: str, link: str, *, is_error: bool = False
) -> HttpResponse:
    """Say on the page with the button what it did, with a link to `url`.

    Without a script, the visitor returns to that page, which shows the text, or gets to `url` if
    the page is unknown or a content delivery network may have it.
    """
    html = format_html('{} <a href="{}">{}</a>', text, url, link)
    if wants_json(request):
        return JsonResponse({"html": html}, status=422 if is_error else 200)
    level = messages.ERROR if is_error else messages.SUCCESS
    messages.add_message(request, level, html)
    return redirect(("" if settings.CDN else referring_url(request)) or url)
