"""Passwords that are known from breaches are refused, where the site has a list of them."""

import hashlib
import logging
import runpy
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts import breached_passwords
from accounts.breached_passwords import LookUpError, is_breached
from tests.factories import make_user
from tests.smtp_server import free_port

BREACHED = "gravel-9-crush"
OTHER = "gravel-8-crush"


def digest_of(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


class Service:
    """A range service on this machine, with what it was asked for."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.known = {digest_of(BREACHED): 7, digest_of("another-password-3"): 1}
        self.respond: Callable[[BaseHTTPRequestHandler], None] = self.send_list
        self.released = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.paths.append(self.path)
                service.respond(self)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/range/"

    def send_list(self, handler: BaseHTTPRequestHandler) -> None:
        prefix = handler.path.removeprefix("/range/")
        lines = [f"{0:035X}:0", f"{digest_of(OTHER)[5:]}:0"]  # padding
        lines += [f"{key[5:]}:{count}" for key, count in self.known.items() if key[:5] == prefix]
        self.send(handler, "\r\n".join(lines).encode())

    def send(self, handler: BaseHTTPRequestHandler, body: bytes, status: int = 200) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    thread = threading.Thread(target=service.server.serve_forever, daemon=True)
    thread.start()
    yield service
    service.released.set()
    service.server.shutdown()
    service.server.server_close()


def use(settings: Any, url: str) -> None:
    name = "accounts.password_validation.BreachedPasswordValidator"
    rules = [*settings.AUTH_PASSWORD_VALIDATORS, {"NAME": name, "OPTIONS": {"url": url}}]
    settings.AUTH_PASSWORD_VALIDATORS = rules


class TestOfTheService:
    def test_a_breached_password_is_refused(self, service, settings):
        use(settings, service.url)
        with pytest.raises(ValidationError, match="known from a breach"):
            validate_password(BREACHED)
        validate_password(OTHER)

    @pytest.mark.parametrize("end", ["/", ""])
    def test_it_is_told_only_five_digits(self, service, end):
        assert is_breached(BREACHED, service.url.rstrip("/") + end)
        assert service.paths == [f"/range/{digest_of(BREACHED)[:5]}"]

    def test_padding_is_not_taken_for_a_breach(self, service):
        assert not is_breached(OTHER, service.url)

    @pytest.mark.parametrize("body", [b"", b"<html>Blocked</html>", b"\xff\x00", b"x:1\r\n" * 9])
    def test_what_is_no_list_is_an_error(self, service, body):
        service.respond = lambda handler: service.send(handler, body)
        with pytest.raises(LookUpError):
            is_breached(BREACHED, service.url)

    def test_a_list_without_end_is_an_error(self, service):
        line = f"{0:035X}:0\r\n".encode()
        service.respond = lambda handler: service.send(handler, line * 60_000)
        with pytest.raises(LookUpError, match="too long"):
            is_breached(BREACHED, service.url)

    @pytest.mark.parametrize("fault", ["status", "garbage", "closed", "hanging", "slow", "down"])
    def test_while_it_fails_the_other_rules_decide_and_it_is_logged(
        self, service, settings, monkeypatch, caplog, fault
    ):
        def hang(handler: BaseHTTPRequestHandler) -> None:
            service.released.wait(10)

        def drip(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.end_headers()
            while not service.released.wait(0.05):
                handler.wfile.write(b"0")

        answers = {
            "status": lambda handler: service.send(handler, b"no", 503),
            "garbage": lambda handler: handler.wfile.write(b"garbage\r\n\r\n"),
            "closed": lambda handler: handler.connection.close(),
            "hanging": hang,
            "slow": drip,
        }
        service.respond = answers.get(fault, service.respond)
        monkeypatch.setattr(breached_passwords, "TIMEOUT", 0.3)
        use(settings, service.url if fault != "down" else f"http://127.0.0.1:{free_port()}/")
        began = time.monotonic()
        with caplog.at_level(logging.ERROR):
            validate_password(BREACHED)
        assert time.monotonic() - began < 5
        assert "BREACHED_PASSWORDS_URL" in caplog.text
        assert BREACHED not in caplog.text
        with pytest.raises(ValidationError, match="too short"):
            validate_password("gravel")

    @pytest.mark.django_db
    def test_the_page_of_a_new_password_says_so(self, service, settings, as_user):
        use(settings, service.url)
        client = as_user(make_user())
        page = client.get("/admin/password_change/").content.decode()
        assert "must not be known from a breach" in page
        new = {"old_password": "secret", "new_password1": BREACHED, "new_password2": BREACHED}
        refused = client.post("/admin/password_change/", new)
        assert refused.status_code == 200
        assert "This password is known from a breach" in refused.content.decode()


class TestOfTheFile:
    @pytest.fixture
    def passwords(self) -> list[str]:
        return [f"password-number-{number}" for number in range(300)]

    @pytest.fixture
    def path(self, tmp_path: Path, passwords: list[str]) -> Path:
        path = tmp_path / "pwned passwords.txt"
        counts = {digest_of(password): 10**number for number, password in enumerate(passwords)}
        lines = [f"{digest}:{counts[digest] % 10**9}" for digest in sorted(counts)]
        path.write_text("\r\n".join(lines) + "\r\n")
        return path

    def test_every_password_in_it_is_found_and_no_other(self, path, passwords):
        assert all(is_breached(password, path.as_uri()) for password in passwords)
        assert not any(is_breached(f"{password}x", path.as_uri()) for password in passwords)

    @pytest.mark.parametrize("form", ["plain", "lower case", "no end of line", "one line"])
    def test_other_forms_of_it(self, path, passwords, form):
        text = path.read_text().replace("\r\n", "\n")
        if form == "plain":
            text = "\n".join(line.partition(":")[0] for line in text.split("\n"))
        elif form == "lower case":
            text = text.lower()
        elif form == "no end of line":
            text = text.rstrip("\n")
        else:
            passwords = passwords[:1]
            text = digest_of(passwords[0])
        path.write_text(text)
        assert all(is_breached(password, path.as_uri()) for password in passwords)
        assert not is_breached("not-in-the-list", path.as_uri())

    @pytest.mark.parametrize("content", ["no hashes", "5f4dcc3b5aa765d61d8327deb882cf99:3\n", None])
    def test_a_wrong_or_missing_file_is_logged(self, tmp_path, settings, caplog, content):
        path = tmp_path / "list.txt"
        if content is not None:
            path.write_text(content)
        use(settings, path.as_uri())
        with caplog.at_level(logging.ERROR):
            validate_password(BREACHED)
        assert "BREACHED_PASSWORDS_URL" in caplog.text

    def test_an_empty_file_has_no_password(self, tmp_path):
        path = tmp_path / "list.txt"
        path.touch()
        assert not is_breached(BREACHED, path.as_uri())


def test_without_the_setting_nothing_is_looked_up(monkeypatch):
    monkeypatch.delenv("BREACHED_PASSWORDS_URL", raising=False)
    rules = runpy.run_path("config/settings.py")["AUTH_PASSWORD_VALIDATORS"]
    assert not any("Breached" in rule["NAME"] for rule in rules)


def test_the_setting_turns_the_rule_on(monkeypatch):
    monkeypatch.setenv("BREACHED_PASSWORDS_URL", "https://pwned.example.com/range/")
    rule = runpy.run_path("config/settings.py")["AUTH_PASSWORD_VALIDATORS"][-1]
    assert rule["NAME"] == "accounts.password_validation.BreachedPasswordValidator"
    assert rule["OPTIONS"] == {"url": "https://pwned.example.com/range/"}
