"""The site's regular work is done, and one failure does not hold up the rest."""

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


def test_each_job_is_done_when_it_is_due(done, monkeypatch, caplog):
    schedule.run_due()
    assert done == ["broken", "sound"]
    schedule.run_due()
    assert done == ["broken", "sound"], "not yet again"
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    schedule.run_due()
    assert done == ["broken", "sound", "broken"]
    assert "broken failed" in caplog.text


def test_cron_is_told_what_failed(done, capsys):
    with pytest.raises(CommandError, match="broken"):
        call_command("run_schedule")
    assert done == ["broken", "sound"]
    assert "1 of 2 jobs were done." in capsys.readouterr().out
