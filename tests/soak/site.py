"""The site of a soak: its processes and its content."""

import json
import random
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path

from django.conf import global_settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from inquiries.services import assign_inquiry
from tests.endurance.processes import HOST as BUYERS_HOST
from tests.endurance.processes import Process, environment
from tests.endurance.visitors import HOST
from tests.endurance.web_server import WebServer
from tests.factories import (
    make_article,
    make_company,
    make_contact,
    make_inquiry,
    make_product,
    make_user,
)
from tests.smtp_server import free_port
from tests.soak.journal import Journal
from tests.soak.mail_server import FailingMailServer
from tests.soak.services import PostgreSql, Redis
from tests.waiting import wait_until

KEY = "a-key-of-the-soak-0123456789"
PASSWORD = "a password for tests"
MANAGER = "manager@example.com"
ANSWERED_INQUIRIES = 40
HEALTHY_ANSWERS = 8  # in a row, so that each web process has given some
PARTS = ("database", "migrations", "static files", "worker", "cache", "storage")  # that must work


@dataclass
class Site:
    """The running site, and what people know about it. Everything random comes from `seed`."""

    database: PostgreSql
    cache: Redis
    mail: FailingMailServer
    web: WebServer
    worker: Process
    log: Path
    clock: Path
    seed: int
    journal: Journal = field(default_factory=Journal)
    is_over: threading.Event = field(default_factory=threading.Event)
    article: int = 0  # its primary key
    title: int = 0  # the last number in its title that the site has acknowledged
    views: list[float] = field(default_factory=list)  # when those of the article were answered
    inquiries: list[int] = field(default_factory=list)  # which are answered

    def random(self, name: str) -> random.Random:
        return random.Random(f"{self.seed} {name}")  # noqa: S311

    def make_content(self) -> None:
        make_company(name="Example Machines Ltd.", email="company@example.com")
        with override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS):
            make_user("Managers", username="manager", email=MANAGER, password=PASSWORD)
            july = make_user("Sales", username="july", password=PASSWORD)
            make_user(username="boss", is_superuser=True, email="", password=PASSWORD)
        contact = make_contact(name="July", email="july@example.com", user=july)
        for number in range(5):
            make_product(name=f"Crusher {number}", slug=f"crusher-{number}")
        yesterday = timezone.now() - timedelta(days=1)
        article = make_article(slug="read", title="Crusher-0.", publish_time=yesterday)
        self.article = article.pk
        for number in range(ANSWERED_INQUIRIES):
            asked = make_inquiry(email=f"answered{number}@example.com", message="How much?")
            assign_inquiry(asked, contact, by=None)
            self.inquiries.append(asked.pk)

    def is_healthy(self) -> bool:
        """Whether each part of the site works."""
        headers = {"Host": HOST, "Authorization": f"Bearer {KEY}"}
        try:
            for _answer in range(HEALTHY_ANSWERS):
                response = self.web.send("GET", "/readyz", **headers)
                content = response.read()
                parts = json.loads(content)["parts"] if response.status == 200 else {}
                if any(parts.get(name) != "ok" for name in PARTS):
                    return False
        except (OSError, HTTPException):
            return False
        return True

    def wait_until_healthy(self) -> None:
        """Wait for the site to recover; like a service manager, start a server that has ended."""

        def recovers() -> bool:
            if self.web.process.process.poll() is not None:
                self.web.process.start()
            return self.is_healthy()

        wait_until(recovers, "the site has recovered", every=0.2)


@contextmanager
def running_site(folder: Path, database: PostgreSql, cache: Redis, seed: int) -> Iterator[Site]:
    """A site with content in a new database."""
    call_command("migrate", verbosity=0)
    clock = folder / "clock"
    clock.write_text("0")
    log = folder / "site.log"
    port = free_port()
    with ExitStack() as started:
        mail = started.enter_context(FailingMailServer())
        variables = environment(mail.port) | {
            "SITE_URL": f"http://{HOST}",
            "ALLOWED_HOSTS": f"{HOST},{BUYERS_HOST}",
            **dict.fromkeys(("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE"), "off"),
            "CSRF_COOKIE_SECURE": "off",
            "HEALTH_KEY": KEY,
            "REPLY_WEBHOOK_KEY": KEY,
            "REPLY_ADDRESS": "replies@example.com",
            "DJANGO_SETTINGS_MODULE": "tests.soak.settings",
            "CLOCK": str(clock),
        }
        web = Process(
            *("python", "manage.py", "run_server", f"--port={port}"),
            environment=variables,
            log=log,
        )
        worker = Process("python", "manage.py", "run_worker", environment=variables, log=log)
        site = Site(database, cache, mail, WebServer(web, port), worker, log, clock, seed)
        site.make_content()
        connection.close()  # the database will be stopped
        started.enter_context(web)
        started.enter_context(worker)
        site.wait_until_healthy()
        yield site
