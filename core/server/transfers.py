"""Request bodies and downloads, limited so that slow clients leave threads for all others.

The server gives a request to a thread as soon as its headers have arrived, and a thread waits while
its client reads a download. So there are more threads than those that may wait for clients.
"""

import errno
import logging
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import IO, Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.http.response import HttpResponseBase

from core.server.sockets import drop_dead_connections

MAX_BODIES = MAX_DOWNLOADS = 256  # at the same time, in one process
MEGABYTE = 1024 * 1024
MAX_BODY_SIZE = 110 * MEGABYTE  # the attachments of an answer are up to 100 MB
MAX_SIZE_IN_MEMORY = 256 * 1024  # bytes of a body; a larger one is in a temporary file
# A read returns when all its bytes have arrived, so a slow client is read in small pieces.
MIN_READ, MAX_READ = 16, 4096
# The limits of Apache's mod_reqtimeout: after 20 seconds, 500 bytes for each further second.
MAX_DELAY, MIN_RATE = 20, 500
MAX_SMALL_DOWNLOAD = 64 * 1024  # bytes that are given to the server at once
BUSY = "The site is busy. Try again later."
NO_SPACE = "The site has no space for so much at the moment. Try again later, or without files."

logger = logging.getLogger(__name__)


class RefusedError(Exception):
    """A request that is answered with an error, before Django sees it or sends its response."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class TransferLimits:
    """WSGI middleware around Django that receives request bodies and limits downloads.

    A body is complete before Django runs, so a slow upload occupies no database connection.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self.bodies = threading.BoundedSemaphore(MAX_BODIES)
        self.downloads = threading.BoundedSemaphore(MAX_DOWNLOADS)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            if length := content_length(environ):
                environ["wsgi.input"] = self.receive(environ["wsgi.input"], length)
            response: Any = self.application(environ, start_response)
            if isinstance(response, HttpResponseBase) and response.streaming:
                return self.send(response)
        except RefusedError as error:
            text = f"{error}\n".encode()
            headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(text)))]
            status = f"{error.status.value} {error.status.phrase}"
            start_response(status, headers, sys.exc_info())
            return [text]
        return response

    def receive(self, source: Any, length: int) -> IO[bytes]:
        """A request's body.

        Raises RefusedError if there are too many, or this one is too slow or does not fit on the
        disk.
        """
        drop_dead_connections()
        if not self.bodies.acquire(blocking=False):
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, BUSY)
        try:
            return read_body(source, length)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            logger.exception("A request of %d bytes cannot be received.", length)
            raise RefusedError(HTTPStatus.INSUFFICIENT_STORAGE, NO_SPACE) from error
        finally:
            self.bodies.release()

    def send(self, response: Any) -> Iterable[bytes]:
        """The content of a streaming response. Raises RefusedError if there are too many."""
        length = response.headers.get("Content-Length", "")
        if length.isdecimal() and int(length) <= MAX_SMALL_DOWNLOAD:
            content = b"".join(response)
            response.close()
            return [content]
        drop_dead_connections()
        return Download(response, self.downloads)


class Download:
    """The content of a response, which has a place among the downloads until it is closed."""

    def __init__(self, response: Any, downloads: threading.BoundedSemaphore) -> None:
        if not downloads.acquire(blocking=False):
            response.close()
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, BUSY)
        self.response, self.downloads = response, downloads

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.response)

    def close(self) -> None:
        self.downloads.release()
        self.response.close()


def content_length(environ: WSGIEnvironment) -> int:
    """The size of a request's body. Raises RefusedError if it is unknown or too large."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        raise RefusedError(HTTPStatus.LENGTH_REQUIRED, "The request has no Content-Length.")
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > MAX_BODY_SIZE:
        limit = MAX_BODY_SIZE // MEGABYTE
        text = f"The request is larger than {limit} MB."
        raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)
    return length


def read_body(source: Any, length: int) -> IO[bytes]:
    """A request body of `length` bytes, read from its client.

    Raises RefusedError if the client is too slow or closes the connection.
    """
    body = tempfile.SpooledTemporaryFile(MAX_SIZE_IN_MEMORY)  # noqa: SIM115
    started = time.monotonic()
    received, size = 0, MIN_READ
    while received < length:
        before = time.monotonic()
        chunk = source.read(min(size, length - received))
        if not chunk:
            raise RefusedError(HTTPStatus.BAD_REQUEST, "The request is incomplete.")
        body.write(chunk)
        received += len(chunk)
        now = time.monotonic()
        if now - started > MAX_DELAY + received / MIN_RATE:
            raise RefusedError(HTTPStatus.REQUEST_TIMEOUT, "The request was too slow.")
        size = min(2 * size, MAX_READ) if now - before < 0.1 else MIN_READ
    body.seek(0)
    return body
