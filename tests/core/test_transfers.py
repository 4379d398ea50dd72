"""Request bodies and downloads: complete, limited, and not in the way of other requests."""

import errno
import io
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from core.server import sockets, transfers
from core.server.transfers import TransferLimits

MEGABYTE = 1024 * 1024

pytestmark = pytest.mark.django_db  # a closed response closes database connections


class Server:
    """Calls a WSGI application as a server does."""

    def __init__(self, application: Any) -> None:
        self.application = TransferLimits(application)
        self.status = ""

    def start_response(self, status: str, headers: Any, exc_info: Any = None) -> Any:
        self.status = status
        return lambda data: None

    def request(self, source: Any = None, **environ: str) -> Any:
        return self.application(environ | {"wsgi.input": source}, self.start_response)


def respond(response: Any) -> Any:
    """A WSGI application that starts and returns a response of Django."""

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        start_response("200 OK", list(response.items()))
        return response

    return application


def echo(environ: dict[str, Any], start_response: Any) -> Any:
    """A WSGI application that returns the request body."""
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


def test_the_body_is_read_completely_before_django_runs():
    server = Server(echo)
    for size in (1, 15, 16, 5000, transfers.MAX_SIZE_IN_MEMORY + 1, 2 * MEGABYTE):
        body = (b"0123456789abcdef" * (size // 16 + 1))[:size]
        # What follows belongs to the next request on the connection.
        source = io.BytesIO(body + b"GET / HTTP/1.1")
        assert server.request(source, CONTENT_LENGTH=str(size)) == [body]
        assert source.read(3) == b"GET"


@pytest.mark.parametrize("length", [None, "", "0"])
def test_a_request_without_a_body_is_not_read(length):
    server = Server(respond(HttpResponse("fine")))
    environ = {} if length is None else {"CONTENT_LENGTH": length}
    assert b"".join(server.request(None, **environ)) == b"fine"
    assert server.status == "200 OK"


def must_not_run(environ: Any, start_response: Any) -> Any:
    raise AssertionError("Django must not see this request.")


def test_a_body_that_is_too_large_is_refused_before_it_is_read():
    server = Server(must_not_run)
    source = io.BytesIO(b"x")
    server.request(source, CONTENT_LENGTH=str(transfers.MAX_BODY_SIZE + 1))
    assert server.status.startswith("413 ")
    assert source.tell() == 0


def test_a_body_without_a_length_is_refused():
    server = Server(must_not_run)
    server.request(io.BytesIO(b"x"), HTTP_TRANSFER_ENCODING="chunked")
    assert server.status == "411 Length Required"


def test_a_body_whose_client_leaves_is_not_given_to_django():
    server = Server(must_not_run)
    server.request(io.BytesIO(b"half"), CONTENT_LENGTH="8")
    assert server.status == "400 Bad Request"
    assert server.application.bodies.acquire(blocking=False)


def test_a_body_that_does_not_fit_on_the_disk_is_refused(monkeypatch):
    class FullDisk(io.BytesIO):
        def write(self, data: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(transfers.tempfile, "SpooledTemporaryFile", lambda size: FullDisk())
    server = Server(must_not_run)
    [text] = server.request(io.BytesIO(b"half"), CONTENT_LENGTH="4")
    assert server.status == "507 Insufficient Storage"
    assert b"no space" in text
    assert server.application.bodies.acquire(blocking=False)


class Trickle:
    """A body from a client that sends `rate` bytes per second, on a clock that does not wait."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, rate: float) -> None:
        self.rate, self.seconds, self.size = rate, 0.0, 0
        monkeypatch.setattr(transfers.time, "monotonic", lambda: self.seconds)

    def read(self, size: int) -> bytes:
        self.seconds += size / self.rate
        self.size += size
        return b"x" * size


def test_a_body_that_trickles_is_refused_while_it_is_small(monkeypatch):
    server = Server(must_not_run)
    source = Trickle(monkeypatch, rate=1)
    server.request(source, CONTENT_LENGTH="100000")
    assert server.status == "408 Request Timeout"
    assert source.seconds <= 2 * transfers.MAX_DELAY


def test_a_large_body_may_be_slow(monkeypatch):
    server = Server(echo)
    source = Trickle(monkeypatch, rate=2 * transfers.MIN_RATE)
    [body] = server.request(source, CONTENT_LENGTH=str(MEGABYTE))
    assert len(body) == MEGABYTE
    assert source.seconds > 10 * transfers.MAX_DELAY


def test_bodies_beyond_the_limit_are_refused(monkeypatch):
    monkeypatch.setattr(transfers, "MAX_BODIES", 1)
    server = Server(echo)

    class Other:
        """A body that arrives while another one is being read."""

        def read(self, size: int) -> bytes:
            server.request(io.BytesIO(b"x"), CONTENT_LENGTH="1")
            assert server.status == "503 Service Unavailable"
            server.status = ""
            return b"y"

    assert server.request(Other(), CONTENT_LENGTH="1") == [b"y"]
    assert server.request(io.BytesIO(b"z"), CONTENT_LENGTH="1") == [b"z"]


def test_a_small_file_is_given_to_the_server_at_once():
    content = b"x" * transfers.MAX_SMALL_DOWNLOAD
    response = FileResponse(io.BytesIO(content), filename="a.bin")
    assert Server(respond(response)).request() == [content]
    assert response.closed


def large_file() -> FileResponse:
    return FileResponse(io.BytesIO(b"x" * (transfers.MAX_SMALL_DOWNLOAD + 1)), filename="a.bin")


def test_a_large_file_is_read_as_the_client_receives_it():
    response = large_file()
    content = Server(respond(response)).request()
    assert len(next(iter(content))) == response.block_size
    assert not response.closed
    content.close()
    assert response.closed


def test_downloads_beyond_the_limit_are_refused(monkeypatch):
    monkeypatch.setattr(transfers, "MAX_DOWNLOADS", 1)
    response = large_file()
    server = Server(lambda environ, start_response: respond(response)(environ, start_response))
    first = server.request()
    response = refused = large_file()
    assert server.request() == [transfers.BUSY.encode() + b"\n"]
    assert server.status == "503 Service Unavailable"
    assert refused.closed
    first.close()
    response = large_file()
    assert len(b"".join(server.request())) == transfers.MAX_SMALL_DOWNLOAD + 1


def test_a_response_of_unknown_length_is_streamed():
    def rows() -> Iterator[str]:
        yield "a"
        yield "b"

    content = Server(respond(StreamingHttpResponse(rows()))).request()
    assert list(content) == [b"a", b"b"]
    content.close()


def test_many_requests_at_once_look_for_the_listening_socket_once(monkeypatch):
    """Each would copy every open file for a moment, also the copies that the others have made."""
    calls = []

    def list_files(folder: str) -> list[str]:
        calls.append(folder)
        time.sleep(0.05)
        return []

    monkeypatch.setattr(sockets, "_first_call", threading.Lock())
    monkeypatch.setattr(sockets.os, "listdir", list_files)
    with ThreadPoolExecutor(50) as threads:
        list(threads.map(lambda _number: sockets.drop_dead_connections(), range(50)))
    assert len(calls) == 1
