"""Addresses as WordPress gave them lead on, where such a one was kept as a redirect."""

from django.conf import settings
from django.contrib.redirects.models import Redirect
from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.utils.deprecation import MiddlewareMixin

NUMBERED = ("p", "page_id")


class WordPressAddressMiddleware(MiddlewareMixin):
    """Numbers (`/?p=12`), and addresses in scripts that grow when they are percent-encoded."""

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        """Lead on from a numbered address, where else the home page would be shown."""
        given = {name: request.GET.get(name, "") for name in NUMBERED}
        numbers = [f"/?{name}={number}" for name, number in given.items() if number.isdecimal()]
        return _lead_on(numbers) if request.path_info == "/" and numbers else None

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.status_code != 404 or request.path.isascii() or "\0" in request.path:
            return response
        bare = request.path.rstrip("/")
        return _lead_on([f"{bare}/", bare]) or response


def _lead_on(addresses: list[str]) -> HttpResponseBase | None:
    kept = Redirect.objects.filter(site_id=settings.SITE_ID, old_path__in=addresses)
    redirect = kept.exclude(new_path="").first()
    return HttpResponsePermanentRedirect(redirect.new_path) if redirect else None
