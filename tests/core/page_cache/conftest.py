"""The site as a web server calls it, in this process."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import brotli
import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection

from core.page_cache import database, pages
from core.page_cache.wsgi import PageCache
from core.server.transfers import TransferLimits
from tests.factories import BROWSER


@dataclass
class Response:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        encoded = self.headers.get("Content-Encoding") == "br"
        return (brotli.decompress(self.body) if encoded else self.body).decode()

    @property
    def views(self) -> int:
        return int(self.text.partition("Views:")[2].partition("<")[0])


@dataclass
class Site:
    """The WSGI application with its page cache. `rendered` has the paths that Django answered."""

    rendered: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        django = TransferLimits(get_wsgi_application())

        def note(environ: Any, start_response: Any) -> Any:
            self.rendered.append(environ["PATH_INFO"])
            return django(environ, start_response)

        self.application = PageCache(note)

    def get(self, url: str, method: str = "GET", scheme: str = "http", **headers: str) -> Response:
        path, _, query = url.partition("?")
        answers: list[tuple[str, list[tuple[str, str]]]] = []
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path.encode().decode("iso-8859-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "testserver",
            "HTTP_USER_AGENT": BROWSER,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": scheme,
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        response: Any = self.application(environ, lambda *answer: answers.append(answer[:2]))
        body = b"".join(response)
        if hasattr(response, "close"):
            response.close()
        status, pairs = answers[-1]
        return Response(int(status[:3]), dict(pairs), body)

    def renders(self, url: str, **headers: str) -> bool:
        """Whether Django renders the page for a request of it."""
        before = len(self.rendered)
        self.get(url, **headers)
        return len(self.rendered) > before


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[Site]:
    """The site. The page cache's own connection would not see the rows of the test."""
    monkeypatch.setattr(
        database.process_connection,
        "fetch_row",
        lambda statement, parameters, **writes: connection.connection.execute(
            statement, parameters
        ).fetchone(),
    )
    connection.ensure_connection()
    # It would end the test's transaction.
    monkeypatch.setattr(pages, "close_old_connections", lambda: None)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Site()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def committed(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> Callable[[], AbstractContextManager[Any]]:
    """Returns a context manager for changes that are committed at its end.

    The transaction of the test goes on, but what it recorded before belongs to another one.
    """

    def begin() -> AbstractContextManager[Any]:
        connection._recorded_changes = None
        return django_capture_on_commit_callbacks(execute=True)

    return begin
