"""Scheduled jobs run when they are due, and a failing one does not stop the others."""

import time
from datetime import timedelta
from threading import Event
from time import monotonic

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.db.models import F
from django.utils import timezone

from core.worker import recording, schedule
from core.worker.models import JobRun


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


def test_a_long_job_does_not_delay_the_others_and_is_not_started_twice(monkeypatch):
    monkeypatch.setattr(schedule, "jobs", [])
    monkeypatch.setattr(schedule, "PATIENCE", 0.1)
    started, release, runs = Event(), Event(), []

    @schedule.every(seconds=0)
    def long():
        started.set()
        release.wait(30)
        runs.append("long")

    @schedule.every(seconds=0)
    def short():
        runs.append("short")

    schedule.start_due()
    assert started.wait(30)
    schedule.start_due()
    assert runs == ["short", "short"]
    release.set()
    schedule.stop_jobs(schedule.jobs, timeout=30)
    assert runs == ["short", "short", "long"]


def test_short_jobs_run_one_after_another(monkeypatch):
    monkeypatch.setattr(schedule, "jobs", [])
    running, most = [], []

    def job():
        running.append(1)
        most.append(len(running))
        time.sleep(0.02)
        running.pop()

    for _ in range(5):
        schedule.every(seconds=0)(job)
    schedule.start_due()
    assert most == [1] * 5


def test_only_so_many_jobs_run_at_once_and_those_over_their_limit_do_not_count(monkeypatch):
    monkeypatch.setattr(schedule, "jobs", [])
    monkeypatch.setattr(schedule, "PATIENCE", 0.01)
    monkeypatch.setattr(schedule, "MAX_RUNNING", 2)
    release, started = Event(), []

    def job(number, limit):
        @schedule.every(hours=1, limit=timedelta(seconds=limit))
        def long():
            started.append(number)
            release.wait(30)

    job(1, limit=60)
    job(2, limit=0.2)
    job(3, limit=60)
    schedule.start_due()
    assert started == [1, 2], "the third one stays due"
    time.sleep(0.3)
    schedule.start_due()
    assert started == [1, 2, 3]
    release.set()
    schedule.stop_jobs(schedule.jobs, timeout=30)


def test_the_worker_waits_for_all_jobs_together_when_it_ends(monkeypatch):
    monkeypatch.setattr(schedule, "jobs", [])
    monkeypatch.setattr(schedule, "PATIENCE", 0.01)
    release = Event()
    for _ in range(4):
        schedule.every(seconds=0)(lambda: release.wait(30))
    schedule.start_due()
    begin = monotonic()
    schedule.stop_jobs(schedule.jobs, timeout=0.5)
    assert monotonic() - begin < 1.5
    release.set()
    schedule.stop_jobs(schedule.jobs, timeout=30)


@pytest.mark.django_db
class TestRecordedRuns:
    @pytest.fixture
    def clock(self, monkeypatch):
        """A clock that only the test moves, in seconds."""
        clock = {"now": 1000.0}
        for module in (schedule, recording):
            monkeypatch.setattr(module, "monotonic", lambda: clock["now"])
        return clock

    @pytest.fixture
    def job(self):
        """A job that raises `job.error`, if there is one."""

        def function() -> None:
            if error := job.function.error:
                raise error

        function.error = None
        job = schedule.Job(function, timedelta(seconds=1))
        return job

    def run(self, job, error=None) -> JobRun:
        job.function.error = error
        job.run()
        return JobRun.objects.get()

    def test_the_last_run_is_recorded_with_the_machine(self, job, monkeypatch):
        monkeypatch.setattr(recording, "gethostname", lambda: "web-1")
        run = self.run(job)
        assert (run.job, run.machine, run.has_failed) == (job.name, "web-1", False)
        assert timedelta(0) <= run.duration < timedelta(minutes=1)
        assert timezone.now() - run.started_at < timedelta(minutes=1)

    def test_a_failure_and_its_end_are_recorded_at_once_and_the_error_stays(self, job, clock):
        self.run(job)
        failed = self.run(job, ValueError("no answer" * 1000))
        assert failed.has_failed
        assert failed.error.startswith("ValueError: no answer")
        assert len(failed.error) <= recording.MAX_ERROR_LENGTH
        assert list(JobRun.objects.failed()) == [failed]
        works = self.run(job)
        assert not works.has_failed
        assert (works.error, works.failed_at) == (failed.error, failed.failed_at)

    def test_a_job_of_every_second_is_recorded_once_a_minute(
        self, job, clock, django_assert_num_queries
    ):
        first = self.run(job)
        clock["now"] += 59
        with django_assert_num_queries(0):
            job.run()
        clock["now"] += 1
        assert self.run(job).started_at > first.started_at

    def test_a_job_that_is_over_its_limit_is_recorded_until_it_ends(self, job, clock, caplog):
        job.limit = timedelta(minutes=5)
        seen = []

        def function() -> None:
            for _ in range(3):
                clock["now"] += 24 * 3600
                job.report_if_overdue()
                seen.append(JobRun.objects.failed().get().duration.days)

        started_at = timezone.now()
        job.function = function
        assert not job.run()
        assert seen == [1, 2, 3], "also after days"
        assert caplog.text.count("takes longer than its time limit of 0:05:00") == 1
        run = JobRun.objects.failed().get()
        assert run.duration == timedelta(days=3)
        assert run.started_at >= started_at
        JobRun.objects.update(
            started_at=started_at - timedelta(days=5, seconds=1), failed_at=F("started_at")
        )
        assert not JobRun.objects.recent().exists()
        job.function = lambda: None
        assert job.run()
        assert not JobRun.objects.failed().exists()

    def test_the_worker_goes_on_if_a_run_cannot_be_recorded(self, job, monkeypatch, caplog):
        def fail(*args, **kwargs):
            raise OperationalError("disk full")

        monkeypatch.setattr(JobRun.objects, "bulk_create", fail)
        assert job.run()
        assert "cannot be recorded: disk full" in caplog.text
        job.function.error = ValueError()
        assert not job.run()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_worker_records_its_jobs_and_the_sending_of_emails(runs):
    call_command("run_worker", once=True)
    recorded = {run.job.rpartition(".")[2]: run.has_failed for run in JobRun.objects.all()}
    assert recorded == {"failing": True, "working": False, "send": False}
