"""The numbers that a monitor reads at /metrics."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import STATUS, Email

from core.backup.models import BackupRun
from core.metrics import gauges
from core.metrics.recording import page_cache_counter
from core.operations.metrics import emails
from core.worker.lock import worker_lock
from core.worker.models import JobRun
from inquiries.metrics import inquiries_by_status, oldest_unanswered_inquiry, overdue_inquiries
from inquiries.models import Inquiry
from tests.factories import make_article, make_contact, make_inquiry

pytestmark = pytest.mark.django_db

KEY = "a-key-of-the-monitor"


@pytest.fixture
def read(client, settings):
    """A function that returns the metrics now, by their names with labels."""
    settings.HEALTH_KEY = KEY

    def values() -> dict[str, float]:
        caches["fragments"].clear()
        response = client.get("/metrics", headers={"Authorization": f"Bearer {KEY}"})
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("text/plain")
        lines = [line for line in response.text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    return values


@pytest.mark.parametrize("key", ["", KEY])
@pytest.mark.parametrize("sent", [None, "Bearer wrong", "Bearer "])
def test_without_the_key_there_is_no_such_page(client, settings, key, sent):
    settings.HEALTH_KEY = key
    assert (
        client.get("/metrics", headers={"Authorization": sent} if sent else {}).status_code == 404
    )


def test_requests_are_counted_by_view_and_status(client, read):
    make_article(slug="pump")
    before = read()
    for path in ("/news/pump/", "/news/pump/?a=b", "/news/missing/", "/news", "/admin/"):
        client.get(path)
    after = read()
    counts = {
        tuple(re.findall('"(.*?)"', name)): value - before.get(name, 0)
        for name, value in after.items()
        if name.startswith("tradepost_request_seconds_count") and value != before.get(name, 0)
    }
    assert counts == {
        ("2xx", "news:article"): 2,
        ("4xx", "news:article"): 1,
        ("3xx", "none"): 1,
        ("3xx", "admin:index"): 1,
        ("2xx", "metrics"): 1,
    }


def test_inquiries_are_counted_by_status(read):
    contact = make_contact()
    long_ago, now = timezone.now() - timedelta(hours=5), timezone.now()
    make_inquiry(created_at=now, due_at=now + timedelta(hours=1))
    make_inquiry(status="assigned", assigned_to=contact, created_at=long_ago, due_at=long_ago)
    make_inquiry(status="won", assigned_to=contact, created_at=long_ago - timedelta(days=9))
    values = read()
    by_status = {
        status: values[f'tradepost_inquiries{{status="{status}"}}']
        for status in Inquiry.Status.values
    }
    assert by_status == {"new": 1, "assigned": 1, "won": 1} | dict.fromkeys(
        ["answered", "quoted", "lost", "spam"], 0
    )
    assert values["tradepost_overdue_inquiries"] == 1
    assert values["tradepost_oldest_unanswered_inquiry_seconds"] == pytest.approx(5 * 3600, abs=60)


def test_without_inquiries_none_is_unanswered(read):
    assert read()["tradepost_oldest_unanswered_inquiry_seconds"] == 0


def test_emails_are_counted(read):
    now = timezone.now()
    states = {
        "due": {"status": STATUS.queued},
        "retried": {
            "status": STATUS.requeued,
            "number_of_retries": 3,
            "scheduled_time": now + timedelta(minutes=9),
        },
        "sent": {"status": STATUS.sent},
        "failed": {"status": STATUS.failed},
        "failed long ago": {"status": STATUS.failed},
    }
    for number, fields in enumerate(states.values()):
        email = Email.objects.create(to=["a@example.com"], from_email="b@example.com", **fields)
        Email.objects.filter(pk=email.pk).update(created=now - timedelta(minutes=10 * number))
    Email.objects.filter(pk=email.pk).update(last_updated=now - timedelta(days=31))
    values = read()
    assert values['tradepost_emails{state="waiting"}'] == 2
    assert values['tradepost_emails{state="failed"}'] == 1
    assert values["tradepost_oldest_waiting_email_seconds"] == pytest.approx(600, abs=60)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_worker_is_seen(read):
    assert read()["tradepost_worker_active"] == 0
    with worker_lock() as lock:
        assert lock.acquire()
        assert read()["tradepost_worker_active"] == 1


def test_jobs_say_when_they_ran_and_whether_they_failed(read):
    now = timezone.now()
    ran = {"machine": "web1", "duration": timedelta(seconds=1)}
    JobRun.objects.create(job="send", started_at=now, failed_at=now - timedelta(hours=1), **ran)
    JobRun.objects.create(job="erase", started_at=now, failed_at=now, **ran)
    values = read()
    assert values["tradepost_failed_jobs"] == 1
    last = values['tradepost_job_last_run_timestamp_seconds{job="send"}']
    assert last == pytest.approx(now.timestamp(), abs=1)


def test_the_last_backup_is_named_once_there_is_one(read):
    name = "tradepost_last_backup_timestamp_seconds"
    now = timezone.now()
    BackupRun.objects.create(started_at=now, error="The disk is full.", ended_at=now)
    assert name not in read()
    earlier = now - timedelta(days=1)
    BackupRun.objects.create(started_at=earlier, ended_at=now)
    assert read()[name] == pytest.approx(earlier.timestamp(), abs=1)


def test_a_number_that_cannot_be_read_leaves_the_others(read, monkeypatch):
    def fail() -> float:
        raise DatabaseError("gone")

    broken = gauges.Gauge("tradepost_worker_active", "", "", fail)
    monkeypatch.setattr(
        gauges, "gauges", [broken, *(each for each in gauges.gauges if each.name != broken.name)]
    )
    values = read()
    assert "tradepost_worker_active" not in values
    assert values["tradepost_overdue_inquiries"] == 0


def test_the_numbers_are_kept_for_a_moment(client, read):
    before = read()["tradepost_overdue_inquiries"]
    make_inquiry(due_at=timezone.now() - timedelta(hours=1))
    page = client.get("/metrics", headers={"Authorization": f"Bearer {KEY}"}).text
    assert f"tradepost_overdue_inquiries {before}" in page
    assert read()["tradepost_overdue_inquiries"] == before + 1


def test_the_documentation_names_every_metric(client, read):
    client.get("/metrics")
    page_cache_counter("hit")()
    now = timezone.now()
    BackupRun.objects.create(ended_at=now)
    JobRun.objects.create(job="send", machine="web1", started_at=now, duration=timedelta(0))
    page = (Path(django_settings.BASE_DIR) / "docs/operate.md").read_text()
    documented = set(re.findall(r"^\| `(tradepost_\w+)", page, re.MULTILINE))
    shown = {name.partition("{")[0] for name in read() if "_created" not in name}
    assert documented == {re.sub("_(bucket|sum|count)$", "", name) for name in shown}
    assert set(re.findall(r"tradepost_\w+", page)) <= shown | documented


def test_counts_are_bounded_so_that_a_million_inquiries_cost_no_more(monkeypatch):
    monkeypatch.setattr(gauges, "MAX_COUNT", 2)
    for _ in range(4):
        make_inquiry(status="lost")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert inquiries_by_status()["lost"] == 2
        overdue_inquiries()
        oldest_unanswered_inquiry()
        emails()
    for query in queries:
        assert "LIMIT" in query["sql"], query["sql"]
