"""What surrounds every request: its id, its line in the log, its metrics, and its language."""

import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import translation

from core.current_request import (
    REQUEST_ID_HEADER,
    choose_request_id,
    current_request,
    loggable_path,
)
from core.metrics.recording import record_request
from core.proxies import notice_proxy
from core.sql_comments import request_id_in_sql

logger = logging.getLogger(__name__)


class CurrentRequestMiddleware:
    """Gives the request an id, and names it to services, the log and the database.

    The first middleware, so that the responses of all others are logged and measured.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        started = perf_counter()
        request.id = choose_request_id(request)
        token = current_request.set(request)
        try:
            notice_proxy(request)
            _tag_errors(request.id)
            with request_id_in_sql(request.id):
                response = self.get_response(request)
            response.headers[REQUEST_ID_HEADER] = request.id
            seconds = perf_counter() - started
            record_request(request, response, seconds)
            _log(request, response, seconds)
            return response
        finally:
            current_request.reset(token)


def _tag_errors(request_id: str) -> None:
    """Name the request in the errors that Sentry gets."""
    if settings.SENTRY_DSN:
        import sentry_sdk

        sentry_sdk.set_tag("request_id", request_id)


def _log(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    if logger.isEnabledFor(logging.INFO):
        logger.info(
            "%s %s",
            request.method,
            loggable_path(request),
            extra={"status": response.status_code, "duration_ms": round(seconds * 1000, 1)},
        )


class LanguageMiddleware(LocaleMiddleware):
    """Takes the language of public pages from their URL, and that of the admin from the browser.

    Unlike Django's own middleware it adds no `Vary: Accept-Language` to public pages, so that a
    proxy can cache them by their URL.
    """

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(reverse("admin:index")):
            language = translation.get_language_from_request(request)
        else:
            language = (
                translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
            )
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", translation.get_language())
        return response
