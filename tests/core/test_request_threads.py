"""Django runs in a few threads, with the language of each request."""

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import translation

from core.server.threads import RequestThreads


def run(threads: RequestThreads, path: str = "/") -> Iterable[bytes]:
    return threads({"PATH_INFO": path}, lambda *_: lambda _data: None)


def test_no_more_requests_run_at_once_than_there_are_threads():
    running, names = [], set()
    barrier = threading.Barrier(3)

    def application(environ: Any, start_response: Any) -> Any:
        running.append(1)
        names.add(threading.current_thread().name)
        assert len(running) <= 3
        barrier.wait(10)
        running.pop()
        barrier.wait(10)
        return HttpResponse("fine")

    request_threads = RequestThreads(application, number=3)
    with ThreadPoolExecutor(12) as clients:
        responses = list(clients.map(lambda _: run(request_threads), range(12)))
    assert [b"".join(response) for response in responses] == [b"fine"] * 12
    assert len(names) == 3


def test_the_server_is_alive_while_all_threads_wait():
    is_over = threading.Event()

    def application(environ: Any, start_response: Any) -> Any:
        assert environ["PATH_INFO"] == "/healthz" or is_over.wait(10)
        return HttpResponse("fine")

    request_threads = RequestThreads(application, number=1)
    with ThreadPoolExecutor(3) as clients:
        waiting = [clients.submit(run, request_threads) for _ in range(2)]
        assert clients.submit(run, request_threads, "/healthz").result(10)
        assert not any(request.done() for request in waiting)
        is_over.set()


def test_content_is_streamed_in_the_language_of_the_request():
    def application(environ: Any, start_response: Any) -> Any:
        translation.activate("ar")

        def rows() -> Iterator[str]:
            yield translation.get_language()
            yield translation.get_language()

        return StreamingHttpResponse(rows())

    with translation.override("zh-hans"):
        assert list(run(RequestThreads(application, number=1))) == [b"ar", b"ar"]
        assert translation.get_language() == "zh-hans"


def test_an_error_of_the_application_reaches_the_server():
    def application(environ: Any, start_response: Any) -> Any:
        raise LookupError("broken")

    with pytest.raises(LookupError, match="broken"):
        run(RequestThreads(application, number=1))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_thread_opens_the_database_once_and_holds_no_connection_of_the_pool():
    used = []

    def application(environ: Any, start_response: Any) -> Any:
        connection.ensure_connection()
        used.append(connection.connection)
        return HttpResponse(b"x")

    request_threads = RequestThreads(application, number=1)
    run(request_threads)
    run(request_threads)
    held = request_threads.threads.submit(lambda: connection.connection).result()
    request_threads.threads.submit(lambda: connection.close()).result()
    assert used[0] is not None
    if connection.vendor == "sqlite":
        assert used[0] is used[1] is held
    else:
        assert held is None


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_thread_that_streams_content_keeps_no_connection():
    used = []

    def application(environ: Any, start_response: Any) -> Any:
        def rows() -> Iterator[str]:
            connection.ensure_connection()
            used.append(connection.connection)
            yield "x"

        return StreamingHttpResponse(rows())

    def read() -> Any:
        assert list(run(RequestThreads(application, number=1))) == [b"x"]
        return connection.connection

    with ThreadPoolExecutor(1) as client:
        assert client.submit(read).result() is None
    assert used[0] is not None
