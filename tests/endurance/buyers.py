"""Buyers who ask by the form as browsers do, and who do not give up."""

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
from tests.world import BROWSER

PATIENCE = 60  # seconds that a buyer goes on trying
FROM_ONE_ADDRESS = 5  # buyers behind one network address; each may have so many acknowledgements

PDF = b"%PDF-1.7\n% what we need, part by part\n%%EOF\n"
STAMP = re.compile(r'name="stamp" value="([^"]+)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
REFERENCE = re.compile(r'class="reference">.*?<strong[^>]*>([0-9A-Z]+)</strong>', re.DOTALL)


class Buyer:
    """Somebody who asks once, through the proxy in front of the site, until thanked for it."""

    def __init__(self, number: int, port: int, product: str) -> None:
        """Every tenth sends a file along, and every twentieth presses twice."""
        self.email = f"buyer{number}@example.com"
        self.name = f"Buyer {number}"
        house = number // FROM_ONE_ADDRESS
        self.address = f"10.0.{house // 250}.{house % 250 + 1}"
        self.port, self.product = port, product
        self.sends_a_file, self.presses_twice = number % 10 == 0, number % 20 == 0
        self.cookies: SimpleCookie = SimpleCookie()
        self.resent = 0
        self.reference = ""

    def ask(self) -> None:
        """Fill in the form, send it, and read the reference on the page that thanks."""
        path = f"/inquiry/?product={self.product}"
        page = self.persistently(lambda: self.request("GET", path, 200))[1]
        form = {
            "stamp": STAMP.findall(page)[0],
            "csrfmiddlewaretoken": TOKEN.findall(page)[0],
            "product": self.product,
            "quantity": "2",
            "message": f"What do two of them cost? I am {self.name}.",
            "name": self.name,
            "email": self.email,
        }
        body = {"attachments": SimpleUploadedFile("list.pdf", PDF)} if self.sends_a_file else {}
        sent = encode_multipart(BOUNDARY, form | body)
        for _ in range(2 if self.presses_twice else 1):
            place = self.persistently(lambda: self.request("POST", "/inquiry/", 302, sent))[0]
        page = self.persistently(lambda: self.request("GET", place, 200))[1]
        [self.reference] = REFERENCE.findall(page)

    def persistently(self, request: Callable[[], Any]) -> Any:
        """Make the very same request again for as long as no answer comes."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return request()
            except (OSError, HTTPException):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def request(
        self, method: str, address: str, expected: int, body: bytes | None = None
    ) -> tuple[str, str]:
        """Where the answer leads, and its text. Raises OSError or HTTPException if none comes."""
        headers = {
            "Host": HOST,
            "User-Agent": BROWSER,
            "X-Forwarded-For": self.address,
            "X-Forwarded-Proto": "https",
            "Cookie": "; ".join(f"{name}={it.value}" for name, it in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = MULTIPART_CONTENT
            headers["Origin"] = f"https://{HOST}"
        path = urlsplit(address)._replace(scheme="", netloc="").geturl()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
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
        assert response.status == expected, f"{response.status} for {method} {address}: {text}"
        for cookie in response.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return response.headers.get("Location", ""), text
