"""A few threads that run Django, whatever the number of connections."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.db import close_old_connections, connections
from django.http import FileResponse, StreamingHttpResponse
from django.utils import translation

LIVENESS_PATH = "/healthz"  # answered also while all threads wait, such as for the database


class RequestThreads:
    """WSGI middleware that runs Django in one of `number` threads.

    A thread that has rendered a page holds 2 MB and may have a database connection. The threads of
    the server, which wait for clients and serve cached pages, need neither.
    """

    def __init__(self, application: WSGIApplication, number: int) -> None:
        self.application = application
        self.threads = ThreadPoolExecutor(number, thread_name_prefix="request")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == LIVENESS_PATH:
            return self.application(environ, start_response)
        return self.threads.submit(self._respond, environ, start_response).result()

    def _respond(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        try:
            response: Any = self.application(environ, start_response)
            if isinstance(response, StreamingHttpResponse) and not isinstance(
                response, FileResponse
            ):
                content: Any = response.streaming_content
                response.streaming_content = _stream(translation.get_language(), content)
            return response
        finally:
            close_old_connections()  # those of this thread; Django closes those of the caller


def _stream(language: str | None, content: Iterator[bytes]) -> Iterator[bytes]:
    """`content`, which is generated in another thread than its request ran in."""
    try:
        while True:
            with translation.override(language):
                chunk = next(content, None)
            if chunk is None:
                return
            yield chunk
    finally:
        connections.close_all()
