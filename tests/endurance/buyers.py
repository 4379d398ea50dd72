"""Simulated buyers who send the inquiry form and retry after lost connections."""

import re
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.endurance.processes import HOST
from tests.factories import BROWSER

TIMEOUT = 60  # seconds that a buyer retries
BUYERS_PER_IP_ADDRESS = 5  # acknowledgements are limited per IP address

PDF = b"%PDF-1.7\n% list of parts\n%%EOF\n"
STAMP = re.compile(r'name="stamp" value="([^"]+)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
REFERENCE = re.compile(r'class="reference">.*?<strong[^>]*>([0-9A-Z]+)</strong>', re.DOTALL)


class Buyer:
    """Sends one inquiry through a reverse proxy and retries until the thank-you page is shown."""

    def __init__(self, number: int, port: int, product: str, prefix: str = "") -> None:
        """Every tenth buyer attaches a file, and every twentieth submits twice.

        `prefix` is that of the URLs in the buyer's language, such as `/ar`.
        """
        self.email = f"buyer{number}@example.com"
        self.name = f"Buyer {number}"
        self.message = f"What do two of them cost? I am {self.name}."
        group = number // BUYERS_PER_IP_ADDRESS
        self.ip_address = f"10.0.{group // 250}.{group % 250 + 1}"
        self.port, self.product, self.prefix = port, product, prefix
        self.attaches_file, self.submits_twice = number % 10 == 0, number % 20 == 0
        self.cookies: SimpleCookie = SimpleCookie()
        self.resent = 0
        self.reference = self.thanks = ""

    def send_inquiry(self) -> None:
        """Fill in the form, submit it, and read the reference on the thank-you page."""
        path = f"{self.prefix}/inquiry/?product={self.product}"
        page = self.retry(lambda: self.request("GET", path, 200))[1]
        form = {
            "stamp": STAMP.findall(page)[0],
            "csrfmiddlewaretoken": TOKEN.findall(page)[0],
            "product": self.product,
            "quantity": "2",
            "message": self.message,
            "name": self.name,
            "email": self.email,
        }
        body = {"attachments": SimpleUploadedFile("list.pdf", PDF)} if self.attaches_file else {}
        sent = encode_multipart(BOUNDARY, form | body)
        for _ in range(2 if self.submits_twice else 1):
            location = self.retry(
                lambda: self.request("POST", f"{self.prefix}/inquiry/", 302, sent)
            )[0]
        self.thanks = self.retry(lambda: self.request("GET", location, 200))[1]
        [self.reference] = REFERENCE.findall(self.thanks)

    def retry(self, request: Callable[[], Any]) -> Any:
        """Repeat the request until there is a response."""
        deadline = time.monotonic() + TIMEOUT
        while True:
            try:
                return request()
            except (OSError, HTTPException):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def request(
        self, method: str, url: str, expected: int, body: bytes | None = None
    ) -> tuple[str, str]:
        """Return the redirect target and the text of the response.

        Raises OSError or HTTPException if the connection is lost.
        """
        headers = {
            "Host": HOST,
            "User-Agent": BROWSER,
            "X-Forwarded-For": self.ip_address,
            "X-Forwarded-Proto": "https",
            "Cookie": "; ".join(f"{name}={cookie.value}" for name, cookie in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = MULTIPART_CONTENT
            headers["Origin"] = f"https://{HOST}"
        path = urlsplit(url)._replace(scheme="", netloc="").geturl()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        is_sent = False
        try:
            connection.request(method, path, body, headers)
            is_sent = True
            response = connection.getresponse()
            text = response.read().decode()
        except (OSError, HTTPException):
            self.resent += is_sent and method == "POST"
            raise
        finally:
            connection.close()
        if response.status >= 500:
            self.see_error(method, path, response.status, text)
        assert response.status == expected, f"{response.status} for {method} {url}: {text}"
        for cookie in response.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return response.headers.get("Location", ""), text

    def see_error(self, method: str, path: str, status: int, page: str) -> None:
        """Called when the site answers with an error of its own, which is never expected here."""
