"""The people who use the site at the same time: each is a thread that goes on until it is over."""

import re
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from html import escape
from http.client import HTTPException
from itertools import count, cycle
from pathlib import Path
from typing import Any

import requests

from tests.core.test_hostile_sheets import packed, row
from tests.core.test_malformed_requests import BODIES, numbered_paths
from tests.endurance.buyers import Buyer
from tests.endurance.visitors import HOST, Page, Visitor
from tests.factories import BROWSER
from tests.soak.journal import SiteError
from tests.soak.site import KEY, PASSWORD, Site

BUYERS, VISITORS = 4, 4
PREFIXES = ("", "/zh-hans", "/ar")
ARTICLE = "/news/read/"
PAGES = [ARTICLE, ARTICLE, "/", "/news/", "/products/", "/contacts/", "/search/?q=crusher"]
CASES = Path(__file__).parents[1] / "cases"
TITLE = re.compile(r"Crusher-(\d+)\.")
Answer = tuple[int, str]  # the key of an inquiry, and the text


class SoakBuyer(Buyer):
    """A buyer who sends a form again after an error, which has to show what was typed."""

    site: Site

    def request(
        self, method: str, url: str, expected: int, body: bytes | None = None
    ) -> tuple[str, str]:
        with self.site.journal.request("buyers", method, url):
            return super().request(method, url, expected, body)

    def see_error(self, method: str, path: str, status: int, page: str) -> None:
        typed = self.message if method == "POST" else ""
        self.site.journal.check_error_page(method, path, page, typed)
        raise SiteError(f"{status}")


class Staff(Visitor):
    """A member of the staff, who logs in, and tries again after an error."""

    def __init__(self, site: Site, name: str, ip_address: str) -> None:
        super().__init__(ip_address)
        self.site, self.name, self.typed = site, name, ""
        self.session.headers["Sec-Fetch-Site"] = "same-origin"

    def log_in_again(self) -> None:
        self.session.cookies.clear()
        self.typed = ""  # a password is never shown again
        start = self.log_in(self.site.web, self.name, PASSWORD)
        if start.path != "/admin/":
            errors = start.texts(".errornote, .errorlist")
            self.site.journal.problems.append(f"{self.name} cannot log in: {start.path} {errors}")

    def send(self, page: Page, files: Any = None, **fields: Any) -> Page:
        self.typed = next(iter(fields.values()), "")
        return self.submit(page, self.site.web, files, **fields)

    def open(self, path: str) -> Page:
        return self.get(self.site.web, path)

    def _send(
        self, method: str, machine: Any, path: str, data: Any, files: Any
    ) -> requests.Response:
        with self.site.journal.request("staff", method, path):
            response = super()._send(method, machine, path, data, files)
            if response.status_code >= 500:
                typed = escape(self.typed) if method == "POST" else ""
                self.site.journal.check_error_page(method, path, response.text, typed)
                raise SiteError(f"{response.status_code}")
        return response


@dataclass
class People:
    """All of them, and what the site has acknowledged to them."""

    site: Site
    buyers: list[Buyer] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    edits: int = 0
    log_ins: int = 0
    bad_inputs: int = 0
    numbers: Any = field(default_factory=count)

    def start(self, threads: ThreadPoolExecutor) -> list[Future[None]]:
        jobs: list[Callable[[], None]] = [self.edit, self.answer, self.send_bad_inputs]
        jobs += [self.buy] * BUYERS
        jobs += [partial(self.read, f"visitor {number}") for number in range(VISITORS)]
        started = [threads.submit(job) for job in jobs]
        for each in started:  # which ends before the others only if it fails
            each.add_done_callback(lambda _job: self.site.is_over.set())
        return started

    def goes_on(self) -> bool:
        return not self.site.is_over.is_set()

    def buy(self) -> None:
        """Send one inquiry after another, until each is acknowledged."""
        while self.goes_on():
            number = next(self.numbers)
            product = f"crusher-{number % 5}"
            buyer = SoakBuyer(number, self.site.web.port, product, PREFIXES[number % 3])
            buyer.site = self.site
            buyer.send_inquiry()
            self.buyers.append(buyer)
            self.site.is_over.wait(1)

    def read(self, name: str) -> None:
        """Read pages, none of which may be older than the last edit that was acknowledged."""
        source, journal = self.site.random(name), self.site.journal
        while self.goes_on():
            path = source.choice(PREFIXES) + source.choice(PAGES)
            known = self.site.title
            try:
                with journal.request("visitors", "GET", path):
                    response = self.site.web.send("GET", path, Host=HOST, User_Agent=BROWSER)
                    page = response.read().decode()
                    if response.status >= 500:
                        journal.check_error_page("GET", path, page)
                        raise SiteError(f"{response.status}")
            except (OSError, HTTPException):
                self.site.is_over.wait(0.2)
                continue
            if path.endswith(ARTICLE) and response.status == 200:
                self.site.views.append(time.time())
            shown = [int(number) for number in TITLE.findall(page)]
            if response.status != 200 or min(shown, default=known) < known:
                journal.problems.append(f"{path}: {response.status}, {shown} after edit {known}")
            self.site.is_over.wait(source.random() * 0.1)

    def edit(self) -> None:
        """Change the title of the article, and log in now and then."""
        editor = Staff(self.site, "boss", "203.0.113.1")
        path = f"/admin/news/article/{self.site.article}/change/"
        for title in count(1):
            if title % 20 == 1 and self._until_done(editor.log_in_again):
                self.log_ins += 1

            def save(text: str = f"Crusher-{title}.") -> None:
                page = editor.send(editor.open(path), title_en=text)
                if page.path == path:
                    raise SiteError(f"not saved: {page.texts('.errornote, .errorlist')}")

            if self._until_done(save):
                self.site.title, self.edits = title, self.edits + 1
            if self.site.is_over.wait(1):
                return

    def answer(self) -> None:
        """Answer inquiries, and send the same form again if its response is lost."""
        july = Staff(self.site, "july", "203.0.113.2")
        self._until_done(july.log_in_again)
        for number, inquiry in enumerate(cycle(self.site.inquiries)):
            path, text = f"/admin/inquiries/inquiry/{inquiry}/change/", f"Offer {number} of July."
            opened: list[Page] = []
            self._until_done(lambda path=path, opened=opened: opened.append(july.open(path)))
            if opened and self._until_done(
                lambda opened=opened, text=text: july.send(opened[0], answer=text)
            ):
                self.answers.append((inquiry, text))
            if self.site.is_over.wait(2):
                return

    def _until_done(self, action: Callable[[], object]) -> bool:
        """Try again after each failure; returns whether it succeeded before the end."""
        while True:
            try:
                action()
            except (OSError, HTTPException):
                if self.site.is_over.wait(0.3):
                    return False
            else:
                return True

    def send_bad_inputs(self) -> None:
        """Requests, files, sheets and e-mails that are wrong, none of which may be an error."""
        boss = Staff(self.site, "boss", "203.0.113.3")
        self._until_done(boss.log_in_again)
        source = self.site.random("bad inputs")
        inputs = [self._send_path, self._send_form, self._send_mail, self._send_file]
        while self.goes_on():
            send = source.choice([*inputs * 5, self._send_sheet])
            try:
                send(boss, source)
                self.bad_inputs += 1
            except (OSError, HTTPException):
                pass  # in the journal
            self.site.is_over.wait(0.2)

    def _send_path(self, boss: Staff, source: Any) -> None:
        boss.open(source.choice(numbered_paths()))

    def _send_form(self, boss: Staff, source: Any) -> None:
        boundary = "x" * source.choice([0, 1, 70, 199, 200, 1000])
        part = f'--{boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
        body = source.choice(["", "x", part, part + source.choice(BODIES)])
        kind = f"multipart/form-data; boundary={boundary}"
        self._post(boss, source.choice(["/", "/inquiry/", "/admin/login/"]), body.encode(), kind)

    def _send_mail(self, boss: Staff, source: Any) -> None:
        raw = source.choice(sorted((CASES / "mail").glob("*.eml"))).read_bytes()
        raw = raw[: source.randrange(len(raw))] if source.random() < 0.3 else raw
        self._post(boss, "/inquiry/replies/", raw, "message/rfc822")

    def _post(self, boss: Staff, path: str, body: bytes, kind: str) -> None:
        boss.typed = ""
        boss.session.headers.update({"Content-Type": kind, "Authorization": f"Bearer {KEY}"})
        try:
            boss._send("POST", self.site.web, path, body, None)
        finally:
            del boss.session.headers["Content-Type"], boss.session.headers["Authorization"]

    def _send_file(self, boss: Staff, source: Any) -> None:
        path = source.choice(sorted((CASES / "files").iterdir()))
        # Files from one address are limited.
        boss.session.headers["X-Forwarded-For"] = f"198.51.100.{source.randrange(256)}"
        files = [("attachments", (path.name, path.read_bytes()))]
        boss.send(boss.open("/inquiry/"), files, email="wrong")

    def _send_sheet(self, boss: Staff, source: Any) -> None:
        rows = source.choice(
            [
                row(1, "A", "XFD") + row(30_000, "XFD"),
                row(1, "A") + row(2, "A") + row(2_000_000_000, "A"),
                "<row>" + "<c><v>1</v></c>" * 100_000 + "</row>",
                "<![CDATA[",
            ]
        )
        page = boss.open("/admin/products/product/import/")
        boss.send(page, [("import_file", ("products.xlsx", packed(rows)))])
