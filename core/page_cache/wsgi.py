"""Answers anonymous visitors with kept pages before Django's handler runs: see config/wsgi.py."""

import re
import threading
import time
from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.http import parse_etags, parse_http_date_safe
from django.utils.translation import get_language_from_path

from core.http import is_person
from core.metrics.recording import page_cache_counter
from core.page_cache.database import database_is_away
from core.page_cache.pages import Headers, Page, PageStore, UnverifiedError
from core.page_cache.views import RENDERING, PageSettings, Rendering

MAX_WAIT = 10.0  # seconds for another thread to render the same page
OUTAGE_LIFETIME = 10.0  # seconds of a page that ended while the database is away
MAX_PATHS = 20_000  # whose settings are remembered
# A page does not depend on these: it is rendered for everybody.
PRIVATE_HEADERS = (
    "HTTP_COOKIE",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_RANGE",
    "HTTP_REFERER",
    "HTTP_USER_AGENT",
)

# With the body that a 304 does not have (RFC 9110, 15.4.5).
NOT_WITH_304 = {"Content-Type", "Content-Language"}


class Flight:
    """A page that one thread renders while others wait for it."""

    def __init__(self) -> None:
        self.is_over = threading.Event()
        self.was_kept = False


class StartedResponse:
    """A `start_response` that keeps what it is given."""

    status: str
    headers: Headers

    def __call__(self, status: str, headers: Headers, exc_info: Any = None) -> None:
        self.status, self.headers = status, headers


class PageCache:
    """A WSGI application (PEP 3333) that keeps the pages of `django`."""

    def __init__(self, django: WSGIApplication) -> None:
        self.django = django
        self.pages = PageStore(settings.PAGE_CACHE_SIZE * 1024 * 1024)
        self._settings: dict[str, PageSettings | None] = {}
        self._flights: dict[Hashable, Flight] = {}
        self._lock = threading.Lock()
        self._static = (settings.STATIC_URL, settings.MEDIA_URL)
        private = "|".join(
            map(re.escape, (settings.SESSION_COOKIE_NAME, settings.MESSAGES_COOKIE_NAME))
        )
        self._private_cookie = re.compile(rf"(?:^|[;\s])(?:{private})\s*=")
        self._count_hit = page_cache_counter("hit")
        self._count_miss = page_cache_counter("miss")
        self._count_private = page_cache_counter("private")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method != "GET" and method != "HEAD":
            return self.django(environ, start_response)
        page_settings = self._find_settings(environ)
        if page_settings is None:
            return self.django(environ, start_response)
        if self._is_private(environ):
            self._count_private()
            return self.django(environ, start_response)
        key = self._key(environ, page_settings)
        views: Literal[0, 1] = 0
        if method == "GET" and not settings.CDN and is_person(environ):
            views = 1
        page = self.pages.get(key)
        if page and not page.has_ended:
            number = _number_to_show(page, views)
            if number is not None:
                self._count_hit()
                return respond(page, environ, start_response, number, is_counted=views == 1)
        if method == "HEAD":
            self._count_miss()
            return self.django(environ, start_response)
        return self._render_once(key, page_settings, environ, start_response, views)

    def _is_private(self, environ: WSGIEnvironment) -> bool:
        """Whether the visitor is logged in, has a message waiting or is authenticated."""
        cookies = environ.get("HTTP_COOKIE")
        if cookies and self._private_cookie.search(cookies):
            return True
        return "HTTP_AUTHORIZATION" in environ

    def _find_settings(self, environ: WSGIEnvironment) -> PageSettings | None:
        """The arguments of `cached_page` for the view of this path, if it has that decorator."""
        raw_path = environ["PATH_INFO"]
        try:
            return self._settings[raw_path]
        except KeyError:
            pass
        if raw_path.startswith(self._static):
            return None
        path = get_path_info(environ)
        language = get_language_from_path(path) or settings.LANGUAGE_CODE
        try:
            with translation.override(language):
                found = getattr(resolve(path).func, "page_settings", None)
        except Resolver404:
            found = None
        if len(self._settings) >= MAX_PATHS:
            self._settings.clear()
        self._settings[raw_path] = found
        return found

    def _key(self, environ: WSGIEnvironment, page_settings: PageSettings) -> Hashable:
        """Everything that the page depends on; other parameters, such as `utm_source`, do not."""
        query = environ.get("QUERY_STRING")
        known = _known_parameters(query, page_settings) if query else ""
        return (
            environ["wsgi.url_scheme"],
            environ.get("HTTP_X_FORWARDED_PROTO") if settings.PROXY_COUNT else None,
            environ.get("HTTP_HOST"),
            environ["PATH_INFO"],
            known,
        )

    def _render_once(
        self,
        key: Hashable,
        page_settings: PageSettings,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        views: Literal[0, 1],
    ) -> Iterable[bytes]:
        """Render the page, or wait for another thread that does and answer with its page."""
        with self._lock:
            flight = self._flights.get(key)
            if flight is None:
                mine = self._flights[key] = Flight()
        if flight is None:
            try:
                return self._render(key, page_settings, environ, start_response, views, mine)
            finally:
                with self._lock:
                    del self._flights[key]
                mine.is_over.set()
        flight.is_over.wait(MAX_WAIT)
        page = self.pages.get(key) if flight.was_kept else None
        if page:
            number = _number_to_show(page, views)
            if number is not None:
                self._count_hit()
                return respond(page, environ, start_response, number, is_counted=views == 1)
            # It changed again since that thread began.
            return self._render_once(key, page_settings, environ, start_response, views)
        self._count_miss()
        return self.django(environ, start_response)

    def _render(
        self,
        key: Hashable,
        page_settings: PageSettings,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        views: Literal[0, 1],
        flight: Flight,
    ) -> Iterable[bytes]:
        self._count_miss()
        rendering = Rendering()
        started: Any = StartedResponse()
        response: Any = self.django(self._anonymous(environ, page_settings, rendering), started)
        status, headers = started.status, started.headers
        before = self.pages.get(key)
        if not self._can_be_kept(status, headers, response, rendering):
            if status.startswith("5") and before and database_is_away():
                last_number = _number_to_show(before, views)
                if last_number is not None:
                    response.close()
                    before.begins_at = time.time()
                    before.ends_at = before.begins_at + OUTAGE_LIFETIME
                    flight.was_kept = True
                    return respond(
                        before, environ, start_response, last_number, is_counted=views == 1
                    )
            self.pages.discard(key)
            start_response(status, headers)
            return response
        modified_after = before.modified_at if before else 0
        try:
            page = Page(response.content, headers, rendering, modified_after=modified_after)
        except ValueError:  # its text contains what stands for the number
            response.close()
            return self.django(environ, start_response)
        number = page.count_first(views)
        response.close()
        self.pages.add(key, page)
        flight.was_kept = True
        return respond(page, environ, start_response, number, is_counted=views == 1)

    def _anonymous(
        self, environ: WSGIEnvironment, page_settings: PageSettings, rendering: Rendering
    ) -> WSGIEnvironment:
        """The request without what the page must not depend on."""
        query = environ.get("QUERY_STRING")
        return {
            **{name: value for name, value in environ.items() if name not in PRIVATE_HEADERS},
            "QUERY_STRING": _known_parameters(query, page_settings) if query else "",
            RENDERING: rendering,
        }

    def _can_be_kept(
        self, status: str, headers: Headers, response: Any, rendering: Rendering
    ) -> bool:
        names = {name.lower() for name, _value in headers}
        return (
            status.startswith("200")
            and bool(rendering.versions)
            and not getattr(response, "streaming", True)
            # It is meant for one visitor.
            and "set-cookie" not in names
        )


def _number_to_show(page: Page, views: Literal[0, 1]) -> int | None:
    """Count `views`; the last known number if nothing can count, None for an outdated page."""
    try:
        return page.check(views)
    except UnverifiedError:
        return page.last_views


def _known_parameters(query: str, page_settings: PageSettings) -> str:
    """The query string with only the parameters that the page knows, in their order.

    Of a name such as `min:weight:t`, the part before the first colon is known.
    """
    if not page_settings.parameters:
        return ""
    pairs = parse_qsl(query, keep_blank_values=True, encoding="iso-8859-1")
    known = [pair for pair in pairs if pair[0].partition(":")[0] in page_settings.parameters]
    return urlencode(known, encoding="iso-8859-1")


def respond(
    page: Page,
    environ: WSGIEnvironment,
    start_response: StartResponse,
    number: int,
    *,
    is_counted: bool,
) -> list[bytes]:
    """Answer with the page and its number of views, or with 304 if the client has it.

    A counted reading has a new number, so then the client does not have it.
    """
    etag = page.etag(number)
    if not (is_counted and page.row) and _client_has(page, environ):
        kept = [header for header in page.headers if header[0] not in NOT_WITH_304]
        start_response("304 Not Modified", [*kept, ("ETag", etag)])
        return []
    encoding = choose_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
    body = page.body(encoding).fill(number)
    headers = [*page.headers, ("ETag", etag), ("Content-Length", str(len(body)))]
    if encoding:
        headers.append(("Content-Encoding", encoding))
    start_response("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _client_has(page: Page, environ: WSGIEnvironment) -> bool:
    """Whether the conditions of the request say so (RFC 9110, 13.1)."""
    if none_match := environ.get("HTTP_IF_NONE_MATCH"):
        known = [tag.removeprefix("W/") for tag in parse_etags(none_match)]
        # Another number of views does not make another page.
        return "*" in known or any(tag.startswith(f'"{page.digest}') for tag in known)
    if since := environ.get("HTTP_IF_MODIFIED_SINCE"):
        date = parse_http_date_safe(since)
        return date is not None and page.modified_at <= date
    return False


@lru_cache(maxsize=1000)
def choose_encoding(accepted: str) -> str:
    """The best encoding for an `Accept-Encoding` header: `br`, `gzip` or none."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.strip().partition(";")
        weight = parameter.strip().removeprefix("q=")
        try:
            weights[name.strip()] = float(weight) if weight else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    for encoding in ("br", "gzip"):
        if weights.get(encoding, weights.get("*", 0.0)) > 0:
            return encoding
    return ""
