"""A page with wrong answers or a wrong count is not measured as if it were right."""

import itertools
import shutil
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.load import WrongAnswerError, check_count, fetch, measure


@contextmanager
def server(respond):
    """Serve what `respond()` returns, a status and a page; the URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            status, page = respond()
            self.send_response(status)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}/"
        http.shutdown()


def test_a_page_without_the_expected_text_is_refused():
    with server(lambda: (200, "Another page")) as url, pytest.raises(WrongAnswerError):
        fetch(url, "The article")


def test_an_exact_count_is_recognised():
    numbers = itertools.count(1)
    with server(lambda: (200, f"Views: {next(numbers)}")) as url:
        check = check_count(url, "Views", seconds=0.2)
    assert check.requests == check.counted == check.distinct > 0


def test_a_count_that_skips_views_is_recognised():
    numbers = itertools.count(2)
    with server(lambda: (200, f"Views: {next(numbers) // 2}")) as url:
        check = check_count(url, "Views", seconds=0.2)
    assert check.requests > check.counted
    assert check.requests > check.distinct


@pytest.mark.skipif(not shutil.which("wrk"), reason="needs wrk")
def test_errors_under_load_are_refused():
    with server(lambda: (500, "")) as url, pytest.raises(WrongAnswerError):
        measure(url, 1)
