"""Middleware for the paths of pages that have moved."""

from urllib.parse import urlencode

from django.contrib.redirects.middleware import RedirectFallbackMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from core.pages.redirects import redirect_target


class RedirectMiddleware(RedirectFallbackMiddleware):
    """Django's middleware, which here also redirects URLs with parameters and preserves those.

    Shared links often have parameters such as `?utm_source=…`.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        redirected = super().process_response(request, response)
        if redirected.status_code != 404 or not request.GET or "\0" in request.path:
            return redirected
        path = redirect_target([request.path, f"{request.path.rstrip('/')}/"])
        if not path:
            return redirected
        query = urlencode(list(request.GET.lists()), doseq=True)
        return HttpResponsePermanentRedirect(f"{path}?{query}")
