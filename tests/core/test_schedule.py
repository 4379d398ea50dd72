"""Scheduled jobs run when they are due, and a failing one does not stop the others."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.worker import schedule


@pytest.fixture
def done(monkeypatch):
    """A schedule of its own, and what was done of it."""
    done = []
    monkeypatch.setattr(schedule, "jobs", [])
    monkeypatch.setattr("core.management.commands.run_schedule.jobs", schedule.jobs)

    @schedule.every(minutes=1)
    def broken():
        done.append("broken")
        raise RuntimeError("broken")

    @schedule.every(hours=1)
    def sound():
        done.append("sound")

    return done


def test_each_job_runs_when_it_is_due(done, monkeypatch, caplog):
    schedule.run_due()
    assert done == ["broken", "sound"]
    schedule.run_due()
    assert done == ["broken", "sound"], "not yet again"
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    schedule.run_due()
    assert done == ["broken", "sound", "broken"]
    assert "broken failed" in caplog.text


def test_run_schedule_reports_the_jobs_that_failed(done, capsys):
    with pytest.raises(CommandError, match="broken"):
        call_command("run_schedule")
    assert done == ["broken", "sound"]
    assert "1 of 2 jobs completed." in capsys.readouterr().out
