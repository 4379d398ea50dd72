"""Requests a page in a loop, and checks that it answers with the right content."""

import gzip
import http.client
import json
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import brotli

THREADS = 2
CONNECTIONS = 8
HEADERS = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept-Encoding": "br, gzip",
}
DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
VIEWS = re.compile(r"Views:\s*(\d+)")


class WrongAnswerError(Exception):
    """A page did not answer as it should, so its rate means nothing."""


class CountCheck(NamedTuple):
    """Page views requested at the same time, how many were counted, and the numbers shown."""

    requests: int
    counted: int
    distinct: int


def wrk_version() -> str:
    # It prints the version and exits with an error.
    output = subprocess.run(["wrk", "-v"], check=False, capture_output=True, text=True).stdout  # noqa: S607
    found = re.search(r"\d+(\.\d+)+", output)
    return found[0] if found else ""


def measure(url: str, seconds: int) -> float:
    """Requests a second that `url` answers to wrk.

    Raises WrongAnswerError if an answer is an error or is missing.
    """
    command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    for name, value in HEADERS.items():
        command += ["-H", f"{name}: {value}"]
    command += ["-s", str(Path(__file__).with_name("wrk.lua")), url]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
    result = json.loads(output.splitlines()[-1])
    if result["errors"] or not result["requests"]:
        raise WrongAnswerError(f"{url}: {result['errors']} errors in {result['requests']} requests")
    return result["requests"] / result["microseconds"] * 1_000_000


def fetch(url: str, expected: str) -> str:
    """The page at `url`, requested as wrk does; WrongAnswerError without the `expected` text."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        return _request(connection, url, expected)
    finally:
        connection.close()


def check_count(url: str, expected: str, seconds: float = 1.0) -> CountCheck:
    """Request a counted page over several connections at once, and compare the numbers shown.

    If the count is exact, the numbers are consecutive and each of them is shown once.
    """
    before = _views(fetch(url, expected))
    deadline = time.monotonic() + seconds

    def request_until_deadline(_: int) -> list[int]:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        shown = []
        while time.monotonic() < deadline:
            shown.append(_views(_request(connection, url, expected)))
        connection.close()
        return shown

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        shown = [
            n for part in threads.map(request_until_deadline, range(CONNECTIONS)) for n in part
        ]
    counted = _views(fetch(url, expected)) - before - 1
    return CountCheck(len(shown), counted, len(set(shown)))


def _request(connection: http.client.HTTPConnection, url: str, expected: str) -> str:
    connection.request("GET", urlsplit(url).path, headers=HEADERS)
    response = connection.getresponse()
    content = response.read()
    page = DECODERS[response.headers.get("Content-Encoding")](content).decode()
    if response.status != 200 or expected not in page:
        raise WrongAnswerError(f"{url} answers {response.status} without “{expected}”")
    return page


def _views(page: str) -> int:
    found = VIEWS.search(page)
    if not found:
        raise WrongAnswerError("the page shows no number of views")
    return int(found[1])
