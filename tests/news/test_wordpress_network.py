"""Downloading pictures of the old site."""

import socket
import threading
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.richtext.models import Picture
from news.models import Article
from news.wordpress.download import DownloadError, download
from tests.factories import picture_file
from tests.news.test_wordpress import run
from tests.news.wordpress.wxr import Wxr

HOST = "127.0.0.1"


class OldServer(BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.partition("?")[0]
        if path.endswith("/crusher.png"):
            self.answer(200, picture_file("PNG").read())
        elif path.endswith("/manual.pdf"):
            self.answer(200, b"%PDF-1.4\n" + b" " * 11 * 1024 * 1024)
        elif path.endswith("/page.pdf"):
            self.answer(200, b"<html>")
        elif path.endswith("/moved.png"):
            self.answer(301, Location="/wp-content/uploads/crusher.png")
        elif path.endswith("/round.png"):
            self.answer(302, Location=self.path)
        elif path.endswith("/private.png"):
            self.answer(302, Location="http://localhost/secret.png")
        elif path.endswith("/huge.png"):
            self.answer(200, b"x" * (41 * 1024 * 1024))
        elif path.endswith("/page.png"):
            self.answer(200, b"<html>")
        else:
            self.answer(404)

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):  # the client closed the connection
            self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer((HOST, 0), OldServer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{HOST}:{server.server_port}"
        server.shutdown()


@pytest.mark.django_db
def test_pictures_are_downloaded_from_an_allowed_private_host(server, tmp_path, stored_files):
    wxr = Wxr(server)
    wxr.item(1, "A", f'<img src="{server}/wp-content/uploads/crusher-300x200.png">')
    wxr.item(2, "B", f'<img src="{server}/wp-content/uploads/gone.png">')
    report = run(wxr.write(tmp_path), no_network=False, private_host=[HOST])
    assert Picture.objects.get().name == "crusher.png"
    assert "<img" in Article.objects.get(title="A").body
    assert "gone.png (the server returned status 404)" in report


@pytest.mark.django_db
def test_documents_are_downloaded_and_checked(server, tmp_path, stored_files):
    wxr = Wxr(server)
    uploads = f"{server}/wp-content/uploads"
    wxr.item(1, "A", f'<a href="{uploads}/manual.pdf">M</a><a href="{uploads}/page.pdf">P</a>')
    report = run(wxr.write(tmp_path), no_network=False, private_host=[HOST])
    assert [file.name for file in stored_files()] == ["manual.pdf"]
    assert '/manual.pdf">M</a>' in Article.objects.get().body
    assert f"A linked file not imported: {uploads}/page.pdf" in report


@pytest.mark.django_db
def test_pictures_are_not_downloaded_from_other_private_hosts(server, tmp_path, stored_files):
    wxr = Wxr(server)
    wxr.item(1, "A", f'<img src="{server}/wp-content/uploads/crusher.png">')
    report = run(wxr.write(tmp_path), no_network=False)
    assert not Picture.objects.exists()
    assert "127.0.0.1 is not on the public network" in report


def test_a_redirect_is_followed(server):
    assert download(f"{server}/moved.png", {HOST}).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/gone.png", "404"),
        ("/round.png", "too many redirects"),
        ("/private.png", "localhost is not on the public network"),
        ("/huge.png", "larger than 40 MB"),
    ],
)
def test_a_failed_download_gives_the_reason(server, path, reason):
    with pytest.raises(DownloadError, match=reason):
        download(server + path, {HOST})


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.png", "http://localhost/a.png", "http://[::1]/a.png",
        "http://10.0.0.1/a.png", "http://192.168.1.1/a.png", "http://169.254.169.254/latest",
        "http://0.0.0.0/a.png", "http://[::ffff:127.0.0.1]/a.png", "http://2130706433/a.png",
    ],
)  # fmt: skip
def test_private_ip_addresses_are_refused(url):
    with pytest.raises(DownloadError, match="not on the public network"):
        download(url)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.com/a", "x", "http://"])
def test_other_protocols_are_refused(url):
    with pytest.raises(DownloadError, match="does not start with http"):
        download(url)


def test_a_server_that_does_not_answer_times_out(monkeypatch):
    monkeypatch.setattr("news.wordpress.download.READ_TIMEOUT", 0.2)
    with socket.create_server((HOST, 0)) as silent:
        fetch = partial(download, f"http://{HOST}:{silent.getsockname()[1]}/a.png", {HOST})
        with pytest.raises(DownloadError, match="timed out"):
            fetch()
