"""The site as docs/deploy.md sets it up on Debian, then a crawl of all its pages through nginx.

The settings, the commands and the configuration are those of the page, of the units and of nginx;
only the ports, the folders and the domain differ, and the certificate is signed by itself.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import redis
import requests
from bs4 import BeautifulSoup
from django.conf import settings
from django.db import connection
from requests.adapters import HTTPAdapter

from tests.endurance.backup.site import new_database
from tests.endurance.processes import Process
from tests.factories import BROWSER
from tests.smtp_server import SmtpServer, free_port

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "docs/deploy.md").read_text()
NGINX = "/usr/sbin/nginx"
PYTHON = ".venv/bin/python"
FOLDER = "/srv/tradepost"
REDIS_DATABASE = 14  # other tests empty those with low numbers
START_TIMEOUT = 60  # seconds
MAX_PAGES = 400
CERTIFICATE = "certificate.pem"
VISITOR = "127.0.0.2"

pytestmark = [
    pytest.mark.skipif(
        connection.vendor != "postgresql"
        or not settings.CACHES["default"]["LOCATION"].startswith("redis://"),
        reason="needs PostgreSQL and Redis",
    ),
    pytest.mark.skipif(not Path(NGINX).exists(), reason="needs nginx"),
]


def documented_settings() -> dict[str, str]:
    """The lines that docs/deploy.md writes to `.env`."""
    [lines] = re.findall(r"cat >> \.env <<'END'\n(.*?)END\n", PAGE, re.DOTALL)
    return dict(line.split("=", 1) for line in lines.splitlines())


def documented_commands() -> list[list[str]]:
    """The commands of docs/deploy.md that need no terminal."""
    commands = re.findall(rf"^{re.escape(PYTHON)} (manage\.py .*)$", PAGE, re.MULTILINE)
    return [shlex.split(command) for command in commands if "createsuperuser" not in command]


def unit_command(name: str) -> list[str]:
    """The program and the arguments that a unit starts."""
    unit = (ROOT / f"deploy/systemd/tradepost-{name}.service").read_text()
    [command] = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    program, *arguments = shlex.split(command)
    assert program == f"{FOLDER}/code/{PYTHON}"
    return ["python", *arguments]


class FromAddress(HTTPAdapter):
    """Connects from another address of this machine than nginx does, so that they differ."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options, source_address=(VISITOR, 0))


class RunningSite:
    """The site behind nginx: `url` with HTTPS, `plain_url` without."""

    def __init__(self, url: str, plain_url: str, mail: SmtpServer, folder: Path) -> None:
        self.url, self.plain_url, self.mail, self.folder = url, plain_url, mail, folder
        self.visitor = requests.Session()
        self.visitor.headers["User-Agent"] = BROWSER
        self.visitor.mount("https://", FromAddress())
        self.visitor.trust_env = False  # REQUESTS_CA_BUNDLE would replace the certificate
        self.visitor.verify = str(folder / CERTIFICATE)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.visitor.get(urljoin(self.url, path), timeout=30, **options)

    def log_in(self, name: str, password: str) -> requests.Response:
        """The response to the form of the log-in page."""
        page = self.get("/admin/login/")
        fields = BeautifulSoup(page.text, "html.parser").select("form input[name]")
        data = {field["name"]: field.get("value", "") for field in fields}
        data |= {"username": name, "password": password}
        headers = {"Referer": page.url, "X-Forwarded-For": "203.0.113.9"}
        return self.visitor.post(
            page.url, data=data, headers=headers, timeout=30, allow_redirects=False
        )

    def logged(self) -> list[dict[str, Any]]:
        """The lines of the web server's log that are JSON."""
        lines = (self.folder / "run_server.log").read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]


@pytest.fixture(scope="module")
def site(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[RunningSite]:
    folder = tmp_path_factory.mktemp("machine")
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        mail = stack.enter_context(SmtpServer())
        web_port, proxy_port, plain_port = free_port(), free_port(), free_port()
        url, plain_url = f"https://127.0.0.1:{proxy_port}", f"http://127.0.0.1:{plain_port}"
        replaced = {
            "SITE_URL": url,
            "DATABASE_URL": stack.enter_context(new_database(folder)),
            "CACHE_URL": _empty_redis_database(),
            "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
        }
        environment = _machine_settings(folder, replaced)
        for command in [*documented_commands(), ["manage.py", "load_demo", "--password", "demo"]]:
            subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)
        web = [*unit_command("web"), f"--port={web_port}"]
        for command in (web, unit_command("worker")):
            log = folder / f"{command[2]}.log"
            stack.enter_context(Process(*command, environment=environment, log=log))
        stack.enter_context(_nginx(folder, proxy_port, plain_port, web_port))
        running = RunningSite(url, plain_url, mail, folder)
        _wait_until_ready(running)
        yield running


def _machine_settings(folder: Path, replaced: dict[str, str]) -> dict[str, str]:
    """The environment of a process, whose settings are in a file as on the machine."""
    documented = documented_settings()
    assert set(replaced) <= set(documented)
    values = {
        name: value.replace(FOLDER, str(folder)) for name, value in (documented | replaced).items()
    }
    values |= {"SECRET_KEY": "x" * 60, "STATIC_ROOT": str(folder / "static"), "DEMO": "on"}
    values |= {"LOG_FORMAT": "json"}
    file = folder / ".env"
    file.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    from_tests = {*values, "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"}
    from_tests |= {"ALLOWED_HOSTS", "LANGUAGES", "TIME_ZONE", "INQUIRY_RATE"}
    own = {name: value for name, value in os.environ.items() if name not in from_tests}
    return {
        **own,
        **dict.fromkeys(from_tests - set(values), ""),
        **values,
        "ENV_FILE": str(file),
        "DJANGO_SETTINGS_MODULE": "tests.endurance.deployed_settings",
    }


def _empty_redis_database() -> str:
    url = re.sub(r"/\d+$", f"/{REDIS_DATABASE}", settings.CACHES["default"]["LOCATION"])
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


@contextmanager
def _nginx(folder: Path, port: int, plain_port: int, web_port: int) -> Iterator[None]:
    _sign_certificate(folder)
    site = (ROOT / "deploy/nginx/tradepost.conf").read_text()
    # As `certbot --nginx --redirect` changes it.
    tls = (
        f"listen 127.0.0.1:{port} ssl;"
        f" ssl_certificate {folder / CERTIFICATE}; ssl_certificate_key {folder}/key.pem;"
    )
    redirect = (
        f"server {{ listen 127.0.0.1:{plain_port}; return 301 https://$host:{port}$request_uri; }}"
    )
    for documented, here in (
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{web_port};"),
        ("listen 80;", tls),
        ("listen [::]:80;", ""),
        ("server_name www.example.com;", "server_name 127.0.0.1;"),
        ("proxy_set_header Host $host;", "proxy_set_header Host $host:$server_port;"),
    ):
        assert documented in site
        site = site.replace(documented, here)
    temporary = "".join(
        f"{kind}_temp_path {folder}/nginx-{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(
        f"{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;"
        f" events {{}} http {{ access_log off; {temporary} {site} {redirect} }}"
    )
    process = subprocess.Popen([NGINX, "-c", config])
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _sign_certificate(folder: Path) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", folder / "key.pem", "-out", folder / CERTIFICATE),
        ],
        check=True,
        capture_output=True,
    )


def _wait_until_ready(site: RunningSite) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        try:
            if site.get("/readyz").status_code == 200:
                return
        except requests.ConnectionError:
            pass
        assert time.monotonic() < deadline, (site.folder / "run_server.log").read_text()
        time.sleep(0.1)


def links(page: requests.Response) -> set[str]:
    """The URLs of this site that a page links to or loads."""
    html = BeautifulSoup(page.text, "html.parser")
    found = {element.get("href") or element.get("src") for element in html.select("[href], [src]")}
    for element in html.select("[srcset]"):
        found |= {part.split()[0] for part in str(element["srcset"]).split(",") if part.strip()}
    urls = {urljoin(page.url, str(link)).partition("#")[0] for link in found if link}
    return {url for url in urls if urlsplit(url).netloc == urlsplit(page.url).netloc}


def test_every_page_and_file_is_served_through_nginx(site):
    waiting, seen = [f"{site.url}/", f"{site.url}/sitemap.xml", f"{site.url}/robots.txt"], {}
    while waiting and len(seen) < MAX_PAGES:
        url = waiting.pop(0)
        page = site.get(url)
        seen[url] = page
        assert page.status_code == 200, f"{page.status_code} for {url}"
        assert page.headers["X-Content-Type-Options"] == "nosniff", url
        if page.headers["Content-Type"].startswith("text/html"):
            assert page.headers["X-Frame-Options"] == "DENY"
            assert "default-src 'none'" in page.headers["Content-Security-Policy"]
            new = links(page) - seen.keys() - set(waiting)
            # Each language, but of each page only one list by other criteria.
            waiting += sorted(url for url in new if "?" not in url)
    paths = [urlsplit(url).path for url in seen]
    assert sum(path.startswith("/static/") for path in paths) > 3
    assert sum(path.startswith("/media/") for path in paths) > 10
    assert sum("/news/" in path for path in paths) > 10
    for start in ("/ar/", "/zh-hans/", "/products/", "/contacts/", "/inquiry/", "/site-index/"):
        assert any(path.startswith(start) for path in paths), start
    static = next(page for url, page in seen.items() if url.endswith(".css"))
    assert "immutable" in static.headers["Cache-Control"]


def test_https_is_enforced_and_cookies_are_sent_over_it_alone(site):
    redirect = requests.get(f"{site.plain_url}/news/", timeout=30, allow_redirects=False)
    assert (redirect.status_code, redirect.headers["Location"]) == (301, f"{site.url}/news/")
    for path in ("/", "/news/", "/admin/login/", "/missing/"):
        hsts = site.get(path).headers["Strict-Transport-Security"]
        assert hsts == "max-age=31536000; includeSubDomains; preload", path
    logged_in = site.log_in("admin", "demo")
    assert logged_in.status_code == 302, logged_in.text
    names = {cookie.name for cookie in site.visitor.cookies}
    assert names >= {"__Host-csrftoken", "__Host-sessionid"}
    for cookie in site.visitor.cookies:
        assert cookie.secure, cookie.name
        assert cookie.name.startswith("__Host-"), "and from no other host"
    assert site.get("/admin/").url == f"{site.url}/admin/"


def test_the_address_of_the_visitor_is_that_which_nginx_sees(site):
    site.log_in("admin", "demo")
    text = BeautifulSoup(site.get("/admin/staff_log/staffaction/").text, "html.parser").get_text()
    assert VISITOR in text
    assert "203.0.113.9" not in text, "it was made up by the visitor"
    assert not any("PROXY_COUNT" in line["message"] for line in site.logged())


def test_the_request_id_of_nginx_is_in_the_log_of_the_site(site):
    answer = site.get("/search/?q=confidential", headers={"X-Request-ID": "made-up-by-the-visitor"})
    request_id = answer.headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", request_id)
    [line] = [line for line in site.logged() if line.get("request_id") == request_id]
    assert (line["path"], line["status"]) == ("/search/", 200)
    assert not any("confidential" in str(line) for line in site.logged())
    site.visitor.cookies.clear()  # the pages of somebody who is logged in are not kept
    assert "X-Request-ID" not in site.get("/news/").headers, "the page is kept for all"


def test_an_inquiry_with_a_file_is_stored_and_the_worker_sends_its_emails(site):
    page = site.get("/inquiry/")
    form = BeautifulSoup(page.text, "html.parser").select_one('form:has([name="message"])')
    data = {
        field["name"]: field.get("value", "")
        for field in form.select("input[name]:not([type=file], [type=checkbox], [type=radio])")
    }
    data |= {"name": "Peter", "email": "peter@buyer.example", "message": "What does it cost?"}
    size = 2 * 1024 * 1024  # bytes: more than nginx accepts by default
    answer = site.visitor.post(
        page.url,
        data=data,
        files={"attachments": ("drawing.txt", b"drawing " * (size // 8), "text/plain")},
        headers={"Referer": page.url, "X-Forwarded-For": "203.0.113.9"},
        timeout=60,
    )
    assert answer.status_code == 200
    assert "/thanks/" in answer.url, answer.url
    stored = [path for path in (site.folder / "files/private").rglob("*") if path.is_file()]
    assert any(path.stat().st_size == size for path in stored)
    deadline = time.monotonic() + START_TIMEOUT
    while not any("peter@buyer.example" in to for to, _message in list(site.mail.messages)):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_the_documented_backup_of_the_worker_is_made(site):
    folder = site.folder / "files/backups"
    deadline = time.monotonic() + START_TIMEOUT
    while not list(folder.glob("tradepost-*.tar.gz.gpg")):
        assert time.monotonic() < deadline
        time.sleep(0.2)
