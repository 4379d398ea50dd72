"""Whether the site works, as load balancers, monitors and operators are told."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from post_office.models import STATUS, Email

from core.backup.models import BackupRun
from core.operations import disks, health
from core.worker.lock import worker_lock
from core.worker.models import JobRun
from tests.factories import make_user

pytestmark = pytest.mark.django_db

KEY = "a-key-of-the-monitor"


@pytest.fixture(autouse=True)
def _free_space(monkeypatch):
    """The disk of the machine that runs the tests may be full."""
    usage = SimpleNamespace(total=100 * disks.GIGABYTE, free=50 * disks.GIGABYTE)
    monkeypatch.setattr(disks.shutil, "disk_usage", lambda folder: usage)


@pytest.fixture
def parts(settings, client):
    """A function that returns what the report says of the parts that do not work."""
    settings.HEALTH_KEY = KEY

    def report() -> dict[str, str]:
        response = client.get("/readyz", headers={"Authorization": f"Bearer {KEY}"})
        parts = response.json()["parts"]
        assert list(parts) == [part.name for part in health.PARTS]
        assert response.status_code == (200 if response.json()["ready"] else 503)
        return {name: problem for name, problem in parts.items() if problem != "ok"}

    return report


def test_the_liveness_check_uses_nothing_but_the_process(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"alive": True}


@pytest.mark.parametrize("key", ["", KEY])
@pytest.mark.parametrize("sent", [None, "Bearer wrong", "Bearer ", "Bearer é"])
def test_without_the_key_only_readiness_is_told(client, settings, key, sent):
    settings.HEALTH_KEY = key
    headers = {"Authorization": sent} if sent else {}
    response = client.get("/readyz", headers=headers)
    assert response.json() == {"ready": True, "database": True}


def test_a_site_without_its_database_is_not_ready(client, monkeypatch, parts):
    def fail():
        raise OperationalError("database is down")

    monkeypatch.setattr(connection, "cursor", fail)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "database": False}
    assert client.get("/healthz").status_code == 200
    assert "OperationalError" in parts()["database"]


def test_a_site_without_a_migration_is_not_ready(client, parts):
    applied = MigrationRecorder.Migration.objects.filter(app="news").order_by("-pk")[0]
    applied.delete()
    assert client.get("/readyz").status_code == 503
    assert f"news.{applied.name}" in parts()["migrations"]
    assert "run `manage.py migrate`" in parts()["migrations"]


@pytest.mark.usefixtures("active_worker")
def test_a_part_whose_tables_lack_a_migration_is_not_checked(parts, monkeypatch, caplog):
    def fail():
        raise OperationalError("no such table")

    for name in ("worker", "jobs"):
        part = next(part for part in health.PARTS if part.name == name)
        failing = tuple(p._replace(check=fail) if p == part else p for p in health.PARTS)
        monkeypatch.setattr(health, "PARTS", failing)
        monkeypatch.setattr("core.operations.views.PARTS", failing)
    assert "OperationalError" in parts()["jobs"]
    MigrationRecorder.Migration.objects.filter(app="worker").delete()
    caplog.clear()
    problems = parts()
    assert problems.pop("jobs") == problems.pop("worker") == "not checked"
    assert list(problems) == ["migrations"], "the others are checked"
    assert [record.exc_info for record in caplog.records if "health" in record.name] == [None]


def test_a_site_without_static_files_is_not_ready(client, parts, monkeypatch):
    class Files(health.ManifestFilesMixin):
        hashed_files: dict[str, str] = {}

        def __init__(self) -> None:
            """Read no manifest."""

    monkeypatch.setattr(health, "staticfiles_storage", Files())
    assert client.get("/readyz").status_code == 503
    assert "collectstatic" in parts()["static files"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_missing_worker_is_told_and_does_not_stop_the_pages(parts):
    assert parts() == {"worker": "No worker is active: start `manage.py run_worker`."}
    with worker_lock() as lock:
        assert lock.acquire()
        assert parts() == {}
    assert list(parts()) == ["worker"]


@pytest.fixture
def add_run():
    """Adds the last run of a job that started `minutes` ago."""

    def add(minutes: float, duration: float = 0) -> None:
        JobRun.objects.create(
            job=f"job {minutes}",
            started_at=timezone.now() - timedelta(minutes=minutes),
            duration=timedelta(minutes=duration),
        )

    return add


@pytest.fixture
def active_worker(monkeypatch):
    monkeypatch.setattr(health, "is_a_worker_active", lambda: True)


@pytest.mark.usefixtures("active_worker")
def test_a_worker_that_is_stuck_in_a_job_is_told(parts, add_run):
    assert parts() == {}, "it has just started"
    add_run(24 * 60)
    add_run(11)
    assert "The worker has started no job since" in parts()["worker"]
    add_run(-60)
    assert "worker" in parts(), "the last is from before the clock was set back"
    add_run(1)
    assert parts() == {}


@pytest.mark.usefixtures("active_worker")
def test_a_worker_is_not_stuck_while_a_job_takes_long_in_the_background(parts, add_run):
    add_run(60, duration=59)
    add_run(0.5)
    assert parts() == {}


def test_cron_counts_as_a_worker_as_long_as_it_runs(parts, add_run):
    add_run(11)
    assert "No worker is active" in parts()["worker"]
    add_run(6)
    assert parts() == {}


def test_a_backup_of_the_future_hides_no_missing_one(parts, settings):
    settings.BACKUP_EVERY = 24
    now = timezone.now()
    for days in (-30, 3):
        started_at = now - timedelta(days=days)
        BackupRun.objects.create(started_at=started_at, ended_at=started_at)
    assert "older than it should be" in parts()["backups"]


def test_email_that_waits_for_the_worker_or_the_mail_server_is_told(parts):
    waiting = Email.objects.create(
        to=["mary@example.com"], from_email="a@example.com", status=STATUS.queued
    )
    row, now = Email.objects.filter(pk=waiting.pk), timezone.now()
    assert "e-mail" not in parts()
    row.update(created=now - timedelta(minutes=20))
    assert "has been waiting" in parts()["e-mail"]
    row.update(scheduled_time=now + timedelta(minutes=5))
    assert "e-mail" not in parts(), "it is to be sent later, or is being sent"
    row.update(status=STATUS.requeued, number_of_retries=1)
    assert "has been waiting" in parts()["e-mail"], "the mail server did not accept it"


def test_a_cache_that_fails_is_told(parts, monkeypatch):
    monkeypatch.setattr(health.cache, "get", lambda key: None)
    assert "cache" in parts()

    def fail(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(health.cache, "set", fail)
    assert "ConnectionError" in parts()["cache"]


def test_a_folder_that_cannot_be_written_to_is_told(parts, monkeypatch):
    assert "storage" not in parts()
    asked = []

    def access(path, mode):
        asked.append(Path(path))
        return False

    monkeypatch.setattr(health.os, "access", access)
    assert "Files cannot be stored in" in parts()["storage"]
    assert all(folder.is_dir() for folder in asked)


def test_the_admin_tells_those_who_run_the_site(client):
    problem = "No worker is active"
    client.force_login(make_user("Managers"))
    assert problem not in client.get("/admin/").text
    client.force_login(make_user(is_superuser=True))
    assert problem in client.get("/admin/").text


def test_forgotten_steps_are_named_by_the_check_before_a_deployment(capsys):
    MigrationRecorder.Migration.objects.filter(app="news").order_by("-pk")[0].delete()
    call_command("check", deploy=True, fail_level="CRITICAL")
    output = capsys.readouterr()
    assert "run `manage.py migrate`" in output.err + output.out
    assert "start `manage.py run_worker`" in output.err + output.out
