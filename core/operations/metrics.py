"""Gauges of the worker, its jobs, the e-mails that it sends, and the backups."""

from django.db.models import Min
from django.utils import timezone

from core.backup.models import BackupRun
from core.mail.outbox import RETENTION, find_failed, find_waiting
from core.metrics.gauges import MAX_COUNT, Values, count_rows, gauge, seconds_since
from core.worker.lock import is_a_worker_active
from core.worker.models import JobRun


@gauge("worker_active", "1 if a worker is active on any machine, else 0.")
def worker_active() -> float:
    return float(is_a_worker_active())


@gauge("job_last_run_timestamp_seconds", "When a job ran last, as Unix time.", label="job")
def job_last_run() -> Values:
    return {run.job: run.started_at.timestamp() for run in JobRun.objects.recent()}


@gauge("failed_jobs", "Scheduled jobs whose last run failed.")
def failed_jobs() -> float:
    return JobRun.objects.failed().count()


@gauge(
    "emails",
    "E-mails that wait to be sent, and those of 30 days that no mail server accepted;"
    f" at most {MAX_COUNT} of each are counted.",
    label="state",
)
def emails() -> Values:
    failed = find_failed(timezone.now() - RETENTION)
    return {"waiting": count_rows(find_waiting()), "failed": count_rows(failed)}


@gauge(
    "oldest_waiting_email_seconds", "Time since the oldest waiting e-mail was written; 0 for none."
)
def oldest_waiting_email() -> float:
    return seconds_since(find_waiting().aggregate(oldest=Min("created"))["oldest"])


@gauge("last_backup_timestamp_seconds", "When the last successful backup began, as Unix time.")
def last_backup() -> float | None:
    run = BackupRun.objects.past().succeeded().first()
    return run.started_at.timestamp() if run else None
