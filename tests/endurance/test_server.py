"""The production server with slow clients, large files, signals and killed processes."""

import os
import signal
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from core.server.transfers import MAX_BODIES, MAX_BODY_SIZE, MAX_DOWNLOADS
from tests.endurance.web_server import WebServer, running_server
from tests.factories import BROWSER, make_article
from tests.waiting import TIMEOUT, wait_until

MEGABYTE = 1024 * 1024
LARGE = 100  # megabytes

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def post(length: int, path: str = "/inquiry/") -> str:
    return (
        f"POST {path} HTTP/1.1\nHost: 127.0.0.1\nContent-Length: {length}\n"
        "Content-Type: application/x-www-form-urlencoded\n\n"
    )


def use_the_site(server: WebServer) -> None:
    """Open pages and send forms."""
    for _ in range(10):
        assert b"<html" in server.request("GET", "/news/")
        assert server.send("POST", "/inquiry/", "name=July").status == 403, "no CSRF token"


def answered(clients: list[socket.socket]) -> int:
    """How many of the clients have a response or a closed connection."""
    number = 0
    for client in clients:
        client.setblocking(False)
        try:
            client.recv(1, socket.MSG_PEEK)
            number += 1
        except BlockingIOError:
            pass
        except OSError:
            number += 1
    return number


def test_metrics_are_the_sums_of_all_processes(tmp_path):
    key = "a-key-of-the-monitor"
    slug = make_article().slug
    with running_server(tmp_path, workers=2, HEALTH_KEY=key, TMPDIR=str(tmp_path)) as server:

        def metrics() -> dict[str, float]:
            text = server.request("GET", "/metrics", Authorization=f"Bearer {key}").decode()
            lines = [line for line in text.splitlines() if not line.startswith("#")]
            return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

        def count(result: str) -> float:
            return metrics()[f'tradepost_page_cache_requests_total{{result="{result}"}}']

        for _ in range(40):
            server.request("GET", f"/news/{slug}/", User_Agent=BROWSER)
        rendered = 'tradepost_request_seconds_count{status="2xx",view="news:article"}'
        assert count("hit") + count("miss") == 40
        assert metrics()[rendered] == count("miss") <= 2
        server.request("GET", f"/news/{slug}/", Cookie="sessionid=x")
        assert count("private") == 1
        killed = server.workers()[0]
        os.kill(killed, signal.SIGKILL)
        wait_until(
            lambda: len(server.workers()) == 2 and killed not in server.workers(), "it is replaced"
        )
        assert count("hit") + count("miss") == 40, "what the killed process has counted stays"
        server.stop()
        server.process.process.wait(TIMEOUT)
    assert not list(tmp_path.glob("tradepost-metrics-*"))


def test_fifty_clients_that_send_a_byte_a_second_do_not_stop_the_site(tmp_path):
    with running_server(tmp_path) as server:
        clients = [server.connect(post(length=100_000) + "a") for _ in range(50)]
        for _ in range(5):
            for client in clients:
                client.send(b"b")
            use_the_site(server)
            time.sleep(1)
        assert answered(clients) == 0, "all of them are still sending"
        wait_until(lambda: sending(clients) == 0, "they are refused as too slow", every=1)
        assert b"408 Request Timeout" in clients[0].recv(1000)
        use_the_site(server)


def sending(clients: list[socket.socket]) -> int:
    """Let each client that is not yet refused send a byte; returns their number."""
    for client in clients:
        with suppress(OSError):
            client.send(b"b")
    return len(clients) - answered(clients)


def test_stalled_bodies_up_to_the_limit_leave_pages_and_beyond_it_are_refused(tmp_path):
    with running_server(tmp_path) as server:
        clients = [server.connect(post(length=100) + "a") for _ in range(MAX_BODIES)]
        wait_until(lambda: server.send("POST", "/inquiry/", "a=b").status == 503, "all are taken")
        for _ in range(10):
            assert b"<html" in server.request("GET", "/news/")
        assert answered(clients) == 0
        for client in clients:
            client.close()
        wait_until(lambda: server.send("POST", "/inquiry/", "a=b").status == 403, "places are free")


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's list of connections")
def test_the_kernel_watches_for_clients_that_vanish(tmp_path):
    with running_server(tmp_path) as server:
        server.send("POST", "/inquiry/", "a=b")
        client = server.connect("GET /readyz HTTP/1.1\nHost: 127.0.0.1\n\n")
        wait_until(lambda: answered([client]) == 1, "the connection is idle")
        connections = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
        own, other = (f":{port:04X}" for port in (server.port, client.getsockname()[1]))
        [timer] = [
            fields[5]
            for fields in connections
            if fields[1].endswith(own) and fields[2].endswith(other)
        ]
        assert timer.startswith("02:"), "the timer of SO_KEEPALIVE"


def test_headers_that_stall_do_not_stop_the_site_and_are_closed(tmp_path):
    with running_server(tmp_path) as server:
        clients = [server.connect("GET / HTTP/1.1\nHost:") for _ in range(100)]
        clients += [server.connect("") for _ in range(100)]
        use_the_site(server)
        assert answered(clients) == 0
        wait_until(lambda: answered(clients) == 200, "all are closed")


@pytest.fixture(scope="module")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "large.bin"
    path.write_bytes(os.urandom(LARGE * MEGABYTE))
    return path


def test_slow_downloads_take_neither_the_threads_nor_the_memory(tmp_path, large_file):
    with running_server(tmp_path, LARGE_FILE=str(large_file)) as server:
        use_the_site(server)
        before = server.memory()
        request = "GET /large HTTP/1.1\nHost: 127.0.0.1\n\n"
        clients = [server.connect(request, buffer=4096) for _ in range(50)]
        for _ in range(5):
            for client in clients:
                assert client.recv(10_000)
            use_the_site(server)
            time.sleep(1)
        growth = server.memory() - before
        assert growth < LARGE / 2, f"50 downloads of {LARGE} MB take {growth} MB"
        assert server.request("GET", "/large") == large_file.read_bytes()


def test_downloads_beyond_the_limit_are_refused_and_pages_are_served(tmp_path, large_file):
    with running_server(tmp_path, LARGE_FILE=str(large_file)) as server:
        request = "GET /large HTTP/1.1\nHost: 127.0.0.1\n\n"
        clients = [server.connect(request, buffer=4096) for _ in range(MAX_DOWNLOADS)]

        def is_refused():
            if server.send("GET", "/large").status == 503:
                return True
            if len(clients) < 2 * MAX_DOWNLOADS:  # some of them may have given up
                clients.append(server.connect(request, buffer=4096))
            return False

        wait_until(is_refused, "all places are taken")
        use_the_site(server)
        for client in clients:
            client.close()
        wait_until(lambda: server.send("GET", "/large").status == 200, "places are free")


def test_large_uploads_do_not_stay_in_memory(tmp_path, large_file):
    content = SimpleUploadedFile("a.bin", large_file.read_bytes())
    body = encode_multipart(BOUNDARY, {"file": content})

    def upload(_number: int) -> bytes:
        return server.request("POST", "/size", body, Content_Type=MULTIPART_CONTENT)

    with running_server(tmp_path) as server:
        use_the_site(server)
        before = server.memory()
        with ThreadPoolExecutor(4) as clients:
            assert set(clients.map(upload, range(12))) == {str(LARGE * MEGABYTE).encode()}
        growth = server.memory() - before
        assert growth < LARGE / 4, f"12 uploads of {LARGE} MB leave {growth} MB"
        client = server.connect(post(length=MAX_BODY_SIZE + 1))
        assert b" 413 " in client.recv(1000)


def test_requests_are_completed_after_the_signal_to_stop(tmp_path):
    with running_server(tmp_path, workers=2) as server, ThreadPoolExecutor(8) as clients:
        responses = [clients.submit(server.request, "GET", "/slow") for _ in range(8)]
        time.sleep(1)
        server.stop()
        assert {response.result() for response in responses} == {b"done"}
        assert server.process.process.wait(TIMEOUT) == 0
        with pytest.raises(OSError, match="refused"):
            server.request("GET", "/readyz")


def test_idle_and_stalled_connections_do_not_delay_the_end(tmp_path):
    with running_server(tmp_path, workers=2) as server:
        clients = [server.connect("") for _ in range(10)]
        clients += [server.connect("GET /readyz HTTP/1.1\nHost: 127.0.0.1\n\n") for _ in range(10)]
        wait_until(lambda: answered(clients) == 10, "ten connections are idle")
        server.stop()
        assert server.process.process.wait(TIMEOUT) == 0


def test_a_killed_process_is_started_again(tmp_path):
    with running_server(tmp_path, workers=2) as server:
        first, second = server.workers()
        os.kill(first, signal.SIGKILL)
        wait_until(
            lambda: len(server.workers()) == 2 and first not in server.workers(), "it is replaced"
        )
        assert second in server.workers()
        use_the_site(server)
