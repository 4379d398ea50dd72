"""Counting in the server processes, which costs nothing unless metrics are shown (HEALTH_KEY)."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def record_request(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    """Count a request that Django has answered. One without a view is for a static file or none."""
    if settings.HEALTH_KEY:
        from core.metrics import counters

        match = request.resolver_match
        view = match.view_name if match else "none"
        counters.requests.labels(view, f"{response.status_code // 100}xx").observe(seconds)


def page_cache_counter(result: str) -> Callable[[], None]:
    """A function that counts a request to the page cache: `hit`, `miss` or `private`."""
    if not settings.HEALTH_KEY:
        return _count_nothing
    from core.metrics import counters

    return counters.page_cache_requests.labels(result).inc


def _count_nothing() -> None:
    """Metrics are off."""
