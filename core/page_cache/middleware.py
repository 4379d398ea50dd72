"""The versions of the content that a request reads."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core.page_cache.versions import remembered_versions
from core.page_cache.views import RENDERING


class VersionMiddleware:
    """Reads the versions of a page before its content, and each version once in a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with remembered_versions():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        rendering = request.META.get(RENDERING)
        page_settings = getattr(view, "page_settings", None)
        if rendering and page_settings:
            rendering.begin(page_settings, kwargs)
