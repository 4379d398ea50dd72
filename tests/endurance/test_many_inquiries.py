"""Inquiries of many buyers at once: none is lost or saved twice, and no request fails."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPConnection
from itertools import chain, cycle
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.utils import timezone
from post_office.models import Email

from contacts.models import Contact
from inquiries.form_stamp import new_stamp
from inquiries.models import AssignmentRule, Inquiry
from products.models import Product
from tests.endurance.processes import HOST, Process, environment
from tests.factories import BROWSER, make_article, make_contact, make_product, make_user
from tests.smtp_server import SmtpServer, free_port

CLIENTS = 16
INQUIRIES = 400
TIMEOUT = 60  # seconds for one response
TOKEN = "a" * 32  # Django compares the field with the cookie
HEADERS = {
    "Host": HOST,
    "User-Agent": BROWSER,
    "X-Forwarded-Proto": "https",
    "Origin": f"https://{HOST}",
    "Cookie": f"__Host-csrftoken={TOKEN}",
    "Content-Type": "application/x-www-form-urlencoded",
}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_inquiries_of_16_clients_are_all_saved_while_pages_are_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_user("Managers", email="manager@example.com")
    products = [make_product(unit="set") for _ in range(5)]
    contacts = [make_contact(email=f"contact{number}@example.com") for number in range(3)]
    make_rules(contacts)
    article = make_article(publish_time=timezone.now())
    paths = ["/", "/news/", article.get_absolute_url(), products[0].get_absolute_url(), "/inquiry/"]
    port, log = free_port(), tmp_path / "site.log"
    with SmtpServer() as smtp_server:
        site = partial(Process, environment=environment(smtp_server.port), log=log)
        web = site("python", "manage.py", "run_server", f"--port={port}")
        with web, site("python", "manage.py", "run_worker"):
            wait_for_port(port)
            get_pages(port, paths[:1])  # starts the workers
            posts, pages, seconds = send_all(port, forms(products), paths)
    assert posts == {302: INQUIRIES + INQUIRIES // 10}
    assert set(pages) == {200}
    assert pages.total() > len(paths)
    written = log.read_text()
    for error in ("locked", "Traceback", "ERROR", "deadlock"):
        assert error not in written, written
    check_saved_inquiries(contacts)
    with capsys.disabled():
        print(
            f"\n{connection.vendor}: {INQUIRIES} inquiries by {CLIENTS} clients in {seconds:.1f} s,"
            f" {INQUIRIES / seconds:.0f} a second, and {pages.total() / seconds:.0f} pages a second"
        )


def make_rules(contacts: list[Contact]) -> None:
    """Rules by country, as on a real site; inquiries from other countries go to the managers."""
    for contact, country in zip(contacts, ("DE", "KE", "BR"), strict=True):
        AssignmentRule.objects.create(name=country, countries=[country], contact=contact)


def forms(products: list[Product]) -> Iterator[bytes]:
    """The bodies of the requests; every tenth form is sent twice in a row."""
    for number in range(INQUIRIES):
        form = {
            "csrfmiddlewaretoken": TOKEN,
            "stamp": new_stamp(),
            "product": products[number % len(products)].slug,
            "quantity": number + 1,
            "message": "What does it cost, and when can you deliver? " * 5,
            "name": f"Buyer {number}",
            "email": f"buyer{number}@example.com",
            "country": ("DE", "KE", "BR", "FR")[number % 4],
        }
        yield from [urlencode(form).encode()] * (2 if number % 10 == 0 else 1)


def send_all(
    port: int, bodies: Iterator[bytes], paths: list[str]
) -> tuple[Counter[int], Counter[int], float]:
    """Send the forms while one more client reads pages.

    Returns how often each status came back for a form and for a page, and the time in seconds.
    """
    waiting = list(enumerate(bodies))[::-1]
    ended = Event()
    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        started = time.monotonic()
        reader = pool.submit(get_pages, port, cycle(paths), ended)
        senders = [pool.submit(post_forms, port, waiting) for _ in range(CLIENTS)]
        try:
            posts = Counter(chain.from_iterable(sender.result() for sender in senders))
            seconds = time.monotonic() - started
        finally:
            ended.set()
        return posts, reader.result(), seconds


def post_forms(port: int, waiting: list[tuple[int, bytes]]) -> list[int]:
    """Send forms of `waiting` until none is left; returns the statuses."""
    server = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    statuses = []
    while waiting:
        try:
            number, body = waiting.pop()
        except IndexError:  # another client took the last one
            break
        ip_address = f"10.0.{number // 250}.{number % 250 + 1}"
        server.request("POST", "/inquiry/", body, HEADERS | {"X-Forwarded-For": ip_address})
        with server.getresponse() as response:
            response.read()
            statuses.append(response.status)
    server.close()
    return statuses


def get_pages(
    port: int, paths: Iterator[str] | list[str], ended: Event | None = None
) -> Counter[int]:
    """Open the pages until `ended` is set; returns how often each status came back."""
    server = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    statuses: Counter[int] = Counter()
    for path in paths:
        if ended and ended.is_set():
            break
        server.request("GET", path, headers=HEADERS)
        with server.getresponse() as response:
            response.read()
            statuses[response.status] += 1
    server.close()
    return statuses


def check_saved_inquiries(contacts: list[Contact]) -> None:
    """Each inquiry is saved once, with its line, assigned and acknowledged."""
    inquiries = Inquiry.objects.prefetch_related("lines")
    assert inquiries.count() == INQUIRIES
    assert {inquiry.email for inquiry in inquiries} == {
        f"buyer{number}@example.com" for number in range(INQUIRIES)
    }
    for inquiry in inquiries:
        [line] = inquiry.lines.all()
        assert f"Buyer {line.quantity - 1}" == inquiry.name
        assert inquiry.acknowledged_at
    shares = Counter(inquiry.assigned_to for inquiry in inquiries)
    assert shares == dict.fromkeys([*contacts, None], INQUIRIES // 4)
    assert Email.objects.count() == 2 * INQUIRIES, "to the buyers, and to contacts or managers"


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        try:
            HTTPConnection("127.0.0.1", port, timeout=5).connect()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"Nothing answers on port {port}.")
