"""Scheduled jobs run when they are due, and a failing one does not stop the others."""

from datetime import timedelta
from threading import Event
from time import monotonic

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.worker import schedule


@pytest.fixture
def runs(monkeypatch):
    """The names of the jobs that ran, of a schedule with a failing and a working job."""
    runs = []
    monkeypatch.setattr(schedule, "jobs", [])
    monkeypatch.setattr("core.management.commands.run_schedule.jobs", schedule.jobs)

    @schedule.every(minutes=1)
    def failing():
        runs.append("failing")
        raise RuntimeError("failing")

    @schedule.every(hours=1)
    def working():
        runs.append("working")

    return runs


def test_each_job_runs_when_it_is_due_also_if_the_clock_is_set_back(runs, monkeypatch, caplog):
    schedule.run_due()
    assert runs == ["failing", "working"]
    schedule.run_due()
    assert runs == ["failing", "working"], "neither is due again"
    yesterday = timezone.now() - timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: yesterday)
    later = monotonic() + 120
    monkeypatch.setattr(schedule, "monotonic", lambda: later)
    schedule.run_due()
    assert runs == ["failing", "working", "failing"]
    assert "failing failed" in caplog.text


def test_run_schedule_reports_the_jobs_that_failed(runs, capsys):
    with pytest.raises(CommandError, match="failing"):
        call_command("run_schedule")
    assert runs == ["failing", "working"]
    assert "1 of 2 jobs completed." in capsys.readouterr().out


def test_a_job_in_the_background_does_not_delay_the_others(monkeypatch):
    monkeypatch.setattr(schedule, "jobs", [])
    started, release, runs = Event(), Event(), []

    @schedule.every(seconds=0, in_background=True)
    def long():
        started.set()
        release.wait(30)
        runs.append("long")

    @schedule.every(seconds=0)
    def short():
        runs.append("short")

    schedule.run_due(may_use_threads=True)
    assert started.wait(30)
    schedule.run_due(may_use_threads=True)
    assert runs == ["short", "short"], "and the long one has not been started twice"
    release.set()
    schedule.stop_background_jobs(timeout=30)
    assert runs == ["short", "short", "long"]


def test_without_threads_a_job_in_the_background_is_completed_at_once(monkeypatch):
    monkeypatch.setattr(schedule, "jobs", [])
    runs = []
    schedule.every(seconds=0, in_background=True)(lambda: runs.append("done"))
    schedule.run_due()
    assert runs == ["done"]
