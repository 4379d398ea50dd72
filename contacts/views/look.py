"""What browsers load once for the whole site: the style sheet of its look, its icon and name."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control

from contacts.look import Look
from contacts.middleware import CompanyRequest
from core.page_urls import page_url

YEAR = 365 * 24 * 3600  # seconds


def look(request: HttpRequest, color: str, corners: str, font: str, version: str) -> HttpResponse:
    """The style sheet of a look, which its URL describes; 404 for any other URL.

    It reads no database, and is kept for ever if the URL has the version of its content.
    """
    try:
        chosen = Look.parse(color, corners, font)
    except ValueError as error:
        raise Http404 from error
    response = HttpResponse(chosen.style_sheet, content_type="text/css; charset=utf-8")
    if version == chosen.version:
        patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    else:
        patch_cache_control(response, no_cache=True)
    return response


@cache_control(public=True, max_age=3600)
def favicon(request: CompanyRequest) -> HttpResponse:
    """Redirect to the icon, for programs that ask for /favicon.ico without reading a page."""
    icon = request.company.icon
    return redirect(icon.url if icon else static("icons/touch-icon.png"))


@cache_control(public=True, max_age=3600)
def manifest(request: CompanyRequest) -> JsonResponse:
    """The web app manifest (W3C): name, colours and icon on the home screen of a phone."""
    company = request.company
    icon, size = static("icons/touch-icon.png"), "180x180"
    if company.icon:
        icon, size = company.icon.url, f"{company.icon_width}x{company.icon_height}"
    return JsonResponse(
        {
            "name": company.name,
            "short_name": company.name[:12].strip(),
            "description": company.about,
            "lang": get_language(),
            "start_url": page_url("home"),
            "display": "minimal-ui",
            "background_color": "#ffffff",
            "theme_color": company.look.browser_color,
            "icons": [{"src": icon, "sizes": size, "type": "image/png"}],
        },
        content_type="application/manifest+json",
    )
