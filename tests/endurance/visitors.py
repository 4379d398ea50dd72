"""A browser whose requests reach one machine or another, as behind a load balancer."""

from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from bs4 import BeautifulSoup, Tag

from tests.factories import BROWSER

HOST = "tradepost.example"
TIMEOUT = 30  # seconds


class Page(NamedTuple):
    """A response, and its HTML."""

    path: str
    status: int
    html: str
    content: bytes

    def form(self, field: str) -> Tag:
        """The form that has a field with this name."""
        found = BeautifulSoup(self.html, "html.parser").select_one(
            f'form[method="post" i]:has([name="{field}"])'
        )
        assert found, f"{self.path} has no form with {field}: {self.status}"
        return found

    def texts(self, selector: str) -> list[str]:
        """The texts of all elements that match a CSS selector."""
        return [
            " ".join(each.get_text().split())
            for each in BeautifulSoup(self.html, "html.parser").select(selector)
        ]


class Visitor:
    """A person with one set of cookies and one IP address."""

    def __init__(self, ip_address: str = "203.0.113.1") -> None:
        self.session = requests.Session()
        self.session.headers.update(
            {"Host": HOST, "User-Agent": BROWSER, "X-Forwarded-For": ip_address}
        )

    def get(self, machine: Any, path: str) -> Page:
        """Open a page on this machine; redirects lead to the same machine."""
        return self._request("GET", machine, path)

    def submit(
        self, page: Page, machine: Any, files: list[tuple[str, Any]] | None = None, **fields: Any
    ) -> Page:
        """Change `fields` in the form that has the first of them, and send it to this machine.

        Without fields it is the form that takes the first of `files`.
        """
        form = page.form(next(iter([*fields, *dict(files or [])])))
        data = _form_data(form) | fields
        path = urlsplit(str(form.get("action") or page.path))._replace(scheme="", netloc="")
        return self._request("POST", machine, path.geturl() or page.path, data, files)

    def log_in(self, machine: Any, name: str, password: str) -> Page:
        page = self.get(machine, "/admin/login/?next=/admin/")
        return self.submit(page, machine, username=name, password=password)

    def _request(
        self, method: str, machine: Any, path: str, data: Any = None, files: Any = None
    ) -> Page:
        for _redirect in range(5):
            response = self._send(method, machine, path, data, files)
            if not response.is_redirect:
                break
            method, data, files = "GET", None, None
            target = urlsplit(requests.compat.urljoin(path, response.headers["Location"]))
            path = target._replace(scheme="", netloc="").geturl()
        is_html = "html" in response.headers.get("Content-Type", "")
        html = response.content.decode() if is_html else ""
        return Page(path, response.status_code, html, response.content)

    def _send(
        self, method: str, machine: Any, path: str, data: Any, files: Any
    ) -> requests.Response:
        return self.session.request(
            method,
            f"http://127.0.0.1:{machine.port}{path}",
            data=data,
            files=files,
            allow_redirects=False,
            timeout=TIMEOUT,
        )


def _form_data(form: Tag) -> dict[str, Any]:
    """What a browser sends for the unchanged form, without its buttons and files."""
    data: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(field["name"]), field.get("type", "")
        if field.name == "textarea":
            data[name] = field.get_text().removeprefix("\n")
        elif field.name == "select":
            data[name] = [option.get("value", "") for option in field.select("option[selected]")]
        elif kind in {"checkbox", "radio"}:
            if field.has_attr("checked"):
                data.setdefault(name, []).append(field.get("value", "on"))
        elif kind not in {"submit", "button", "file", "image"}:
            data[name] = field.get("value", "")
    return data
