"""Security headers that Django and django-csp do not set."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from core.current_request import token_in_url

# Features that no page uses (W3C Permissions Policy).
UNUSED_FEATURES = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES)


class HeadersMiddleware(MiddlewareMixin):
    """Adds what every response has, and what a response to a URL with a token has.

    A token in a URL gives access to everyone who has it, so other sites and search engines must not
    get it. That includes the pages that say that a token has expired, or is wrong, and errors.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        headers = response.headers
        headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        headers.setdefault("Cross-Origin-Resource-Policy", _resource_policy(request.path_info))
        if token_in_url(request):
            # With `no-referrer`, browsers send no origin with a form, so that Django refuses it.
            has_form = "CSRF_COOKIE_NEEDS_UPDATE" in request.META
            headers.setdefault("Referrer-Policy", "same-origin" if has_form else "no-referrer")
            headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response


def hide_preview(response: HttpResponse) -> HttpResponse:
    """The response with headers that exclude it from caches and search engines."""
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _resource_policy(path: str) -> str:
    """Which sites may show this: web pages of feed readers show the pictures of articles."""
    is_public_file = path.startswith((settings.STATIC_URL, settings.MEDIA_URL))
    return "cross-origin" if is_public_file else "same-origin"
