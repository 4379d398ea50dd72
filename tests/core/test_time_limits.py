"""Each job has a time limit: one that hangs does not stop the others."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from post_office.models import Email

from config import env
from core.backup import services
from core.backup.errors import BackupError
from core.backup.models import BackupRun
from core.backup.schedule import back_up
from core.backup.services import make_backup
from core.operations import health
from core.time_limits import TimeLimitError, check_time, time_left, time_limit
from core.worker import recording, schedule
from core.worker.loop import run_worker
from core.worker.models import JobRun
from inquiries import schedule as inquiry_jobs
from inquiries.inbound_mail import imap, mailbox
from inquiries.models import InquirySettings
from inquiries.services import assign_inquiry
from tests.factories import make_contact, make_inquiry
from tests.inquiries.scripted_imap import ScriptedImapServer
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

needs_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite waits for a lock for 20 seconds at most"
)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """A worker without jobs that waits for none, and records every run."""
    monkeypatch.setattr(schedule, "jobs", [])
    monkeypatch.setattr(schedule, "PATIENCE", 0.2)
    monkeypatch.setattr(recording, "INTERVAL", 0)


@contextmanager
def worker() -> Iterator[None]:
    """The worker, in a thread."""
    stop = Event()

    def run() -> None:
        try:
            run_worker(stop, interval=0.1, report=lambda _message: None)
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


@pytest.fixture
def add_counter() -> Callable[[], list[int]]:
    """Adds a job that writes to the database; returns the list of its runs."""

    def add() -> list[int]:
        runs: list[int] = []

        @schedule.every(seconds=0)
        def count() -> None:
            InquirySettings.objects.update_or_create(defaults={"sends_digest": False})
            runs.append(1)

        return runs

    return add


def has_failed(job: Callable[[], None]) -> bool:
    return JobRun.objects.failed().filter(job__endswith=f".{job.__name__}").exists()


def test_a_job_that_does_not_end_is_reported_once_and_started_once(add_counter, caplog):
    release, starts = Event(), []

    @schedule.every(seconds=0, limit=timedelta(seconds=0.3))
    def stuck() -> None:
        starts.append(1)
        release.wait(60)

    others = add_counter()
    with worker():
        wait_until(lambda: has_failed(stuck), "the job is reported")
        others.clear()
        wait_until(lambda: len(others) >= 5, "the others go on")
        assert starts == [1]
        assert "stuck" in health.check_jobs()
        assert caplog.text.count("longer than its time limit") == 1
        release.set()
        wait_until(lambda: len(starts) >= 3, "it is started again")
        wait_until(lambda: not has_failed(stuck), "its success is recorded")
    assert health.check_jobs() == ""


def test_a_job_that_sleeps_past_its_limit_fails_also_if_it_ends(add_counter, caplog):
    @schedule.every(hours=1, limit=timedelta(seconds=0.1))
    def slow() -> None:
        time.sleep(0.5)

    others = add_counter()
    with worker():
        wait_until(lambda: has_failed(slow) and len(others) > 5, "it is reported, others go on")
    assert "time limit of 0:00:00.1" in JobRun.objects.get(job__endswith=".slow").error
    assert caplog.text.count("longer than its time limit") == 1


@needs_postgresql
class TestStatements:
    @pytest.fixture
    def locked(self) -> Iterator[Callable[[], None]]:
        """The company's settings, locked by another connection until the function is called."""
        InquirySettings.objects.update_or_create(defaults={"sends_digest": False})
        other = connection.copy()
        other.settings_dict["OPTIONS"].pop("pool", None)
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {InquirySettings._meta.db_table}")
        yield other.rollback
        other.close()

    def test_a_job_that_waits_for_a_lock_ends_at_its_limit_and_runs_again(self, locked):
        @schedule.every(seconds=0, limit=timedelta(seconds=1))
        def change() -> None:
            InquirySettings.objects.update(sends_digest=True)

        runs: list[int] = []
        schedule.every(seconds=0)(lambda: runs.append(1))
        with worker():
            took = wait_until(lambda: has_failed(change), "the job has ended")
            assert took < 10
            wait_until(lambda: len(runs) > 5, "the others go on")
            error = JobRun.objects.get(job__endswith=".change").error
            assert "QueryCanceled" in error or "statement timeout" in error or "lock" in error
            locked()
            wait_until(lambda: not has_failed(change), "the next run succeeds")
        assert InquirySettings.objects.get().sends_digest

    def test_a_job_that_hangs_in_a_transaction_frees_its_locks(self, add_counter):
        InquirySettings.objects.update_or_create(defaults={"sends_digest": True})
        release = Event()

        @schedule.every(hours=1, limit=timedelta(seconds=1))
        def hang() -> None:
            with transaction.atomic():
                InquirySettings.objects.update(sends_digest=True)
                release.wait(60)

        others = add_counter()
        with worker():
            wait_until(lambda: len(others) > 3, "others change the same row", every=0.2)
            assert schedule.jobs[0].is_running
            release.set()

    def test_a_connection_of_the_pool_has_the_limit_of_its_job(self):
        def read() -> str:
            with connection.cursor() as cursor:
                cursor.execute("SHOW statement_timeout")
                return str(cursor.fetchone()[0])

        found: list[str] = []
        for seconds in (100, 200):
            limit = timedelta(seconds=seconds)
            schedule.Job(lambda: found.append(read()), timedelta(0), limit).run()
        assert [text.removesuffix("ms")[:2] for text in found] == ["99", "19"]
        connection.close()
        assert read() == "0", "without a limit there is none"


class TestMailbox:
    @pytest.fixture
    def silent_server(self) -> Iterator[int]:
        """The port of a server that accepts connections and says nothing."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            yield server.getsockname()[1]

    @pytest.fixture
    def scripted_imap(self) -> Iterator[ScriptedImapServer]:
        with ScriptedImapServer() as server:
            yield server

    @pytest.fixture
    def remind(self, monkeypatch):
        """Adds the jobs that fetch e-mails and send reminders, with an inquiry that is due."""
        monkeypatch.setattr(imap, "RESPONSE_TIMEOUT", 4)
        inquiry = make_inquiry(due_at=timezone.now() - timedelta(minutes=1))
        assign_inquiry(inquiry, make_contact(email="july@example.com"), by=None)
        Email.objects.all().delete()
        schedule.every(minutes=3)(inquiry_jobs.fetch_replies)
        schedule.every(seconds=1)(inquiry_jobs.send_reminders)
        return inquiry_jobs.fetch_replies

    def check(self, fetch_replies, smtp_server) -> None:
        with worker():
            wait_until(lambda: smtp_server.messages, "the reminder is sent")
            assert schedule.jobs[0].is_running, "while the mailbox does not answer"
            wait_until(lambda: has_failed(fetch_replies), "the job has ended")

    def test_a_mail_server_that_says_nothing_delays_no_reminder(
        self, settings, remind, smtp_server, silent_server
    ):
        settings.IMAP_URL = f"imap://sales:secret@127.0.0.1:{silent_server}"
        self.check(remind, smtp_server)

    def test_a_mail_server_that_hangs_in_a_message_delays_no_reminder(
        self, settings, remind, smtp_server, scripted_imap
    ):
        uid = scripted_imap.add(b"From: a@example.com\r\n\r\nHello" * 100)
        scripted_imap.endless.add(uid)
        settings.IMAP_URL = scripted_imap.url
        self.check(remind, smtp_server)

    def test_a_message_without_end_is_ended_at_the_limit(self, settings, scripted_imap):
        """Each of its bytes arrives before the time-out of the connection."""
        scripted_imap.pause = 0.05
        uid = scripted_imap.add(b"From: a@example.com\r\n\r\nHello" * 1000)
        scripted_imap.endless.add(uid)
        begin = time.monotonic()
        with time_limit(timedelta(seconds=1)), pytest.raises(imap.CONNECTION_ERRORS):
            mailbox.fetch_messages(scripted_imap.url)
        assert 1 <= time.monotonic() - begin < 10


class TestBackups:
    @pytest.fixture
    def folder(self, settings, tmp_path) -> Path:
        """The folder of backups, which are due."""
        settings.MEDIA_ROOT = tmp_path / "media"
        settings.STORAGES = settings.STORAGES | {
            "private": env.private_storage("NO_SETTING", tmp_path / "private", {}),
            "backups": env.backup_storage("NO_SETTING", tmp_path / "backups", {}),
        }
        settings.BACKUP_EVERY = 24
        return tmp_path / "backups"

    @pytest.fixture
    def hang(self, tmp_path, monkeypatch) -> Callable[[str], Path]:
        """Replaces a program by one that hangs, and writes its process number to a file."""

        def replace(program: str) -> Path:
            number = tmp_path / "process"
            path = tmp_path / "bin" / program
            path.parent.mkdir()
            path.write_text(f"#!/bin/sh\necho $$ > {number}\nexec sleep 600\n")
            path.chmod(0o755)
            monkeypatch.setenv("PATH", str(path.parent), prepend=":")
            return number

        return replace

    def check(self, folder: Path, process: Path, program: str, add_counter) -> None:
        schedule.every(minutes=5, limit=timedelta(seconds=3))(back_up)
        others = add_counter()
        with worker():
            wait_until(process.exists, "the program runs")
            others.clear()
            wait_until(lambda: BackupRun.objects.failed().exists(), "it has ended")
            assert len(others) >= 2, "the others went on meanwhile"
        assert f"{program} was ended" in BackupRun.objects.get().error
        assert f"{program} was ended" in health.check_backups()
        assert list(folder.iterdir()) == [], "no part of the backup stays"
        with pytest.raises(ProcessLookupError):
            os.kill(int(process.read_text()), 0)

    @needs_postgresql
    def test_a_pg_dump_that_hangs_is_ended(self, folder, hang, add_counter):
        self.check(folder, hang("pg_dump"), "pg_dump", add_counter)

    def test_an_encryption_that_hangs_is_ended(self, folder, hang, settings, add_counter):
        settings.BACKUP_PASSPHRASE, settings.BACKUP_RECIPIENT = "secret", ""
        self.check(folder, hang("gpg"), "gpg", add_counter)

    @needs_postgresql
    @pytest.mark.parametrize("program", ["pg_restore", "psql"])
    def test_a_verification_that_hangs_is_ended(self, folder, hang, program):
        hang(program)
        with time_limit(timedelta(seconds=5)), pytest.raises(BackupError, match="was ended"):
            make_backup()
        assert list(folder.iterdir()) == []

    def test_a_verification_over_the_limit_leaves_no_archive(self, folder, monkeypatch):
        check_archive = services.check_archive

        def check_late(name: str) -> None:
            with time_limit(timedelta(0)):
                check_archive(name)

        monkeypatch.setattr(services, "check_archive", check_late)
        with pytest.raises(BackupError, match="longer than its time limit"):
            make_backup()
        assert list(folder.iterdir()) == []


class TestLimit:
    def test_without_a_limit_nothing_is_over(self):
        check_time()
        assert time_left() is None

    def test_an_inner_limit_ends_before_the_outer_one_goes_on(self):
        with time_limit(timedelta(minutes=1)):
            with time_limit(timedelta(0)), pytest.raises(TimeLimitError):
                check_time()
            check_time()
            assert 0 < (time_left() or 0) <= 60

    def test_other_threads_have_no_limit(self):
        found: list[float | None] = []
        with time_limit(timedelta(minutes=1)):
            thread = threading.Thread(target=lambda: found.append(time_left()))
            thread.start()
            thread.join()
        assert found == [None]
