"""Workers on several machines: one is active, another takes over, no e-mail is sent twice."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from post_office.models import STATUS, Email

from core.mail.outbox import queue_email
from core.worker.lock import LOST_AFTER_SECONDS, DatabaseLock, worker_lock
from core.worker.loop import STANDBY_INTERVAL, WAITING
from tests.endurance.processes import Process, environment
from tests.smtp_server import SmtpServer
from tests.waiting import TIMEOUT, wait_until

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

EMAILS = 200
MANAGE = str(settings.BASE_DIR / "manage.py")
SEND_WITHOUT_LOCK = "from core.worker.sending import send_emails; send_emails()"
SENDERS = settings.POST_OFFICE["THREADS_PER_PROCESS"]


class SlowServer(SmtpServer):
    """A mail server that takes a moment for each e-mail, so that processes overlap."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(0.05)
        return await super().handle_DATA(server, session, envelope)

    @property
    def deliveries(self) -> Counter[str]:
        """How often an e-mail arrived, by its Message-ID."""
        return Counter(message["Message-ID"] for _, message in self.messages)


@pytest.fixture
def smtp_server() -> Iterator[SlowServer]:
    with SlowServer() as server:
        yield server


@pytest.fixture
def machine(tmp_path: Path, smtp_server: SlowServer) -> Callable[..., Process]:
    """Returns a function that makes a process with folders of its own."""

    def make(name: str, *arguments: str) -> Process:
        folder = tmp_path / name
        folder.mkdir()
        variables = environment(smtp_server.port) | {"TMPDIR": str(folder)}
        log = tmp_path / f"{name}.log"
        return Process("python", MANAGE, *arguments, environment=variables, log=log, folder=folder)

    return make


def queue_emails() -> None:
    for number in range(EMAILS):
        queue_email("inquiries/emails/acknowledgement", {}, [f"buyer{number}@example.com"])


def all_are_sent() -> bool:
    return not Email.objects.exclude(status=STATUS.sent).exists()


def test_two_processes_that_send_at_once_never_send_an_email_twice(smtp_server, machine) -> None:
    queue_emails()
    first = machine("first", "shell", "-c", SEND_WITHOUT_LOCK)
    second = machine("second", "shell", "-c", SEND_WITHOUT_LOCK)
    with first, second:
        wait_until(all_are_sent, "all e-mails are sent")
        assert first.process.wait(TIMEOUT) == second.process.wait(TIMEOUT) == 0
    assert len(smtp_server.deliveries) == EMAILS
    assert set(smtp_server.deliveries.values()) == {1}


def test_of_two_workers_one_is_active_and_each_email_is_sent_once(smtp_server, machine) -> None:
    first, second = machine("first", "run_worker"), machine("second", "run_worker")
    with first:
        wait_until(lambda: not lock_is_free(), "the first worker is active")
        with second:
            wait_until(lambda: WAITING in second.log.read_text(), "the second worker waits")
            queue_emails()
            wait_until(all_are_sent, "all e-mails are sent")
    assert len(smtp_server.deliveries) == EMAILS
    assert set(smtp_server.deliveries.values()) == {1}


def test_another_worker_takes_over_when_the_active_one_is_killed(smtp_server, machine) -> None:
    assert STANDBY_INTERVAL + LOST_AFTER_SECONDS <= 10, "also when the machine vanishes"
    first, second = machine("first", "run_worker"), machine("second", "run_worker")
    with first:
        wait_until(lambda: not lock_is_free(), "the first worker is active")
        with second:
            wait_until(lambda: WAITING in second.log.read_text(), "the second worker waits")
            queue_emails()
            wait_until(lambda: len(smtp_server.messages) > EMAILS // 4, "e-mails are being sent")
            first.end()
            sent = len(smtp_server.messages)
            wait_until(lambda: len(smtp_server.messages) > sent + SENDERS, "the second one sends")
            wait_until(all_are_sent, "all e-mails are sent")
    assert len(smtp_server.deliveries) == EMAILS
    assert sum(smtp_server.deliveries.values()) - EMAILS <= SENDERS, "only those in flight"


def lock_is_free() -> bool:
    with worker_lock() as lock:
        return lock.acquire()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the lock of PostgreSQL")
def test_a_worker_that_has_lost_its_connection_is_no_longer_active() -> None:
    with DatabaseLock() as lock, DatabaseLock() as other:
        assert lock.acquire()
        assert not other.acquire()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks"
                " WHERE locktype = 'advisory' AND database ="
                " (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        wait_until(other.acquire, "another worker can take over")
        assert not lock.is_held()
        assert not lock.acquire()
