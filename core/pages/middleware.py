"""Middleware for the paths of pages that have moved."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.redirects.middleware import RedirectFallbackMiddleware
from django.contrib.redirects.models import Redirect
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
)
from django.utils.deprecation import MiddlewareMixin

WORDPRESS_ID_PARAMETERS = ("p", "page_id")


class RedirectMiddleware(RedirectFallbackMiddleware):
    """Django's middleware, which here also redirects URLs with parameters and preserves those.

    Shared links often have parameters such as `?utm_source=…`.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        redirected = super().process_response(request, response)
        if redirected.status_code != 404 or not request.GET or "\0" in request.path:
            return redirected
        path = _redirect_target([request.path, f"{request.path.rstrip('/')}/"])
        if not path:
            return redirected
        query = urlencode(list(request.GET.lists()), doseq=True)
        return HttpResponsePermanentRedirect(f"{path}?{query}")


class WordPressRedirectMiddleware(MiddlewareMixin):
    """Redirects from the URLs of WordPress that were imported with the articles.

    They are short URLs with an ID (`/?p=12`), and paths that are not ASCII, which WordPress writes
    percent-encoded.
    """

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        """Redirect a short URL, which would otherwise show the home page."""
        values = {name: request.GET.get(name, "") for name in WORDPRESS_ID_PARAMETERS}
        paths = [f"/?{name}={value}" for name, value in values.items() if value.isdecimal()]
        return _redirect(paths) if request.path_info == "/" and paths else None

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.status_code != 404 or request.path.isascii() or "\0" in request.path:
            return response
        path = request.path.rstrip("/")
        return _redirect([f"{path}/", path]) or response


def _redirect(old_paths: list[str]) -> HttpResponseBase | None:
    path = _redirect_target(old_paths)
    return HttpResponsePermanentRedirect(path) if path else None


def _redirect_target(old_paths: list[str]) -> str:
    """The target of the first of `old_paths` that has a redirect; empty without one."""
    redirects = Redirect.objects.filter(site_id=settings.SITE_ID, old_path__in=old_paths)
    redirect = redirects.exclude(new_path="").first()
    return redirect.new_path if redirect else ""
