"""Old addresses lead on to where their page has moved."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.redirects.middleware import RedirectFallbackMiddleware
from django.contrib.redirects.models import Redirect
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect


def add_redirects(moved: Iterable[tuple[str, str]]) -> None:
    """Redirect each old path to its new one, for good.

    A chain is collapsed: what led to the old path leads to the new one at once. A path that is
    in use again leads nowhere.
    """
    redirects = Redirect.objects.filter(site_id=settings.SITE_ID)
    for old, new in moved:
        redirects.filter(old_path=new).delete()
        redirects.filter(new_path=old).update(new_path=new)
        Redirect.objects.update_or_create(
            site_id=settings.SITE_ID, old_path=old, defaults={"new_path": new}
        )


class OldAddressMiddleware(RedirectFallbackMiddleware):
    """Django's own, which also knows an old address when something was added to it.

    Links that were shared carry parameters, as `?utm_source=…`; they go along.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer = super().process_response(request, response)
        if answer.status_code != 404 or not request.GET or "\0" in request.path:
            return answer
        paths = [request.path, f"{request.path.rstrip('/')}/"]
        known = Redirect.objects.filter(site_id=settings.SITE_ID, old_path__in=paths).first()
        if known is None or not known.new_path:
            return answer
        query = urlencode(list(request.GET.lists()), doseq=True)
        return HttpResponsePermanentRedirect(f"{known.new_path}?{query}")
