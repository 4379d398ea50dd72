"""What is sent to Sentry when a page fails."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import brotli
import pytest

from tests.core.test_deployment import manage

SECRETS = {"TOKEN": "token-of-a-buyer", "SENT": "signed-event", "SESSION": "session-of-a-buyer"}
# The database has no tables, so that the middleware fails.
FAIL = """
import os
import sentry_sdk
from django.test import Client

path = "/inquiry/thanks/" + os.environ["TOKEN"] + "/"
referrer = "https://www.example.com" + path
headers = {"Referer": referrer, "Cookie": "sessionid=" + os.environ["SESSION"]}
client = Client(raise_request_exception=False, headers=headers, SERVER_NAME="www.example.com")
client.get(path, {"sent": os.environ["SENT"]}, secure=True)
sentry_sdk.flush()
"""


class Sentry(BaseHTTPRequestHandler):
    """Keeps the events that it receives."""

    received: list[str] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append(brotli.decompress(body).decode())
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@pytest.fixture
def sentry():
    Sentry.received.clear()
    with HTTPServer(("127.0.0.1", 0), Sentry) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://key@127.0.0.1:{server.server_port}/1"
        server.shutdown()
        thread.join()


def test_an_error_is_reported_without_tokens_and_cookies(sentry):
    result = manage("shell", "--verbosity=0", "-c", FAIL, SENTRY_DSN=sentry, **SECRETS)
    assert result.returncode == 0, result.stderr
    assert Sentry.received
    url = "https://www.example.com/inquiry/thanks/[token]/"
    for report in Sentry.received:
        event = json.loads(report.splitlines()[-1])
        assert event["request"] == {"method": "GET", "url": url}
        assert "OperationalError" in [error["type"] for error in event["exception"]["values"]]
        assert not any(secret in report for secret in SECRETS.values())
