"""What the worker does: it takes the jobs that wait, one after the other.

A job is claimed in one statement, and the claim is renewed with every report of progress. A job
whose worker was killed is taken again when its claim has run out. A worker that has lost its claim
notices with its next report, and stops.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from tempfile import TemporaryFile
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, QueryDict
from django.utils import timezone, translation
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from core.absolute_urls import absolute_url
from core.mail.outbox import AUTOMATIC, queue_email
from core.replica import replica_reads
from core.spreadsheets.exporting import write_export
from core.spreadsheets.forms import ReadingForm
from core.spreadsheets.importing import Report, SheetImport
from core.spreadsheets.models import CLAIM_DURATION, LIFETIME, SpreadsheetJob
from core.worker.schedule import is_stopping

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
NOTIFY_AFTER = timedelta(seconds=30)  # who waited less long still has the page open

State, Kind = SpreadsheetJob.State, SpreadsheetJob.Kind


class LostClaimError(Exception):
    """Another worker has taken the job, or it was deleted."""


class StoppingError(Exception):
    """The worker is asked to end."""


class Claim:
    """The right of this process to work on a job."""

    def __init__(self, job: SpreadsheetJob) -> None:
        self.job = job

    def save(self, **changes: Any) -> None:
        """Change the job and renew the claim; raises LostClaimError if it is not ours any more."""
        mine = SpreadsheetJob.objects.filter(pk=self.job.pk, claim=self.job.claim)
        if not mine.update(claimed_until=timezone.now() + CLAIM_DURATION, **changes):
            raise LostClaimError
        for name, value in changes.items():
            setattr(self.job, name, value)

    def report(self, done: int, rows: int, report: Report | None = None) -> None:
        """Save the progress; raises StoppingError if the worker is to end."""
        changes = {"report": report.as_json()} if report else {}
        self.save(rows_done=done, rows=rows, **changes)
        if is_stopping.is_set():
            raise StoppingError

    def end(self, state: str, **changes: Any) -> None:
        now = timezone.now()
        self.save(state=state, claim="", finished_at=now, expires_at=now + LIFETIME, **changes)

    def release(self) -> None:
        """Let another worker take the job at once."""
        self.save(state=State.WAITING, claim="", attempts=self.job.attempts - 1)


def do_waiting_jobs() -> None:
    """Do all jobs that wait, until the worker is asked to end."""
    while not is_stopping.is_set() and (claim := _take_job()):
        _do(claim)


def delete_expired_jobs() -> None:
    """Delete expired jobs with their files."""
    SpreadsheetJob.objects.expired().delete()


def _take_job() -> Claim | None:
    for job in SpreadsheetJob.objects.ready().select_related("user", "content_type"):
        unchanged = SpreadsheetJob.objects.filter(pk=job.pk, state=job.state, claim=job.claim)
        job.claim, job.attempts = get_random_string(32), job.attempts + 1
        taken = unchanged.update(
            state=State.RUNNING,
            claim=job.claim,
            attempts=job.attempts,
            claimed_until=timezone.now() + CLAIM_DURATION,
        )
        if taken:
            return Claim(job)
    return None


def _do(claim: Claim) -> None:
    """Do a job in the language and the time zone of its user, and save how it ended."""
    job = claim.job
    with translation.override(job.language), timezone.override(ZoneInfo(job.time_zone)):
        try:
            if job.attempts > MAX_ATTEMPTS:
                raise ValueError(_("The worker was interrupted several times."))
            WORK[job.kind](claim)
            _notify(job)
        except LostClaimError:
            pass
        except StoppingError:
            claim.release()
        except (OperationalError, InterfaceError):
            # The claim runs out, and the job is taken again.
            logger.exception("The database failed during %s %d.", job.kind, job.pk)
        except PermissionDenied:
            _fail(claim, _("You do not have the permission any more."))
        except ValidationError as error:
            _fail(claim, " ".join(error.messages))
        except ValueError as error:
            _fail(claim, str(error))
        except Exception:
            logger.exception("The %s %d failed.", job.kind, job.pk)
            _fail(claim, _("An unexpected error occurred. The log of the server has the details."))


def _fail(claim: Claim, reason: str) -> None:
    with suppress(LostClaimError):
        claim.end(State.FAILED, error=reason)
        _notify(claim.job)


def _export(claim: Claim) -> None:
    job = claim.job
    model_admin, request = _admin_and_request(job)
    if not model_admin.has_export_permission(request):
        raise PermissionDenied
    with TemporaryFile() as file:
        with replica_reads():
            rows = write_export(model_admin, request, job.options["format"], file, claim.report)
        file.seek(0)
        job.file.save(job.file_name, File(file), save=False)
    try:
        claim.end(State.DONE, rows=rows, rows_done=rows, file=job.file.name)
    except LostClaimError:
        job.file.delete(save=False)
        raise


def _check(claim: Claim) -> None:
    report = _sheet_import(claim.job).check(claim.report)
    claim.end(State.DONE, report=report.as_json())


def _import(claim: Claim) -> None:
    job = claim.job
    report = Report.from_json(job.report)
    _sheet_import(job).run(report, job.rows_done, job.rows or 0, claim.report)
    if report.is_valid:
        claim.end(State.DONE, report=report.as_json())
        return
    text = _(
        "The data has changed since the check. The first %(rows)d rows were imported, the others "
        "were not."
    )
    claim.end(State.FAILED, report=report.as_json(), error=text % {"rows": job.rows_done})


def _sheet_import(job: SpreadsheetJob) -> SheetImport:
    model_admin, request = _admin_and_request(job)
    if not model_admin.has_import_permission(request):
        raise PermissionDenied
    form = ReadingForm(job.options)
    form.is_valid()
    options = form.options
    if job.kind == Kind.IMPORT:
        options = replace(options, decimal=job.report["reading"]["decimal"])
    with job.file.open() as file:
        data = file.read()
    return SheetImport(model_admin, request, data, options)


def _admin_and_request(job: SpreadsheetJob) -> tuple[Any, HttpRequest]:
    """The table's ModelAdmin, and a request like the one of the user for its list.

    Raises PermissionDenied if the user may not use the admin any more.
    """
    model = job.content_type.model_class()
    if model is None:
        raise PermissionDenied
    model_admin = admin.site.get_model_admin(model)
    request = HttpRequest()
    request.method = "GET"
    request.user = job.user
    request.GET = QueryDict(job.options.get("query", ""))
    if not admin.site.has_permission(request):
        raise PermissionDenied
    return model_admin, request


def _notify(job: SpreadsheetJob) -> None:
    """Send the user a link, if the job took long."""
    if job.user.email and timezone.now() - job.created_at > NOTIFY_AFTER:
        context = {"job": job, "url": absolute_url(job.get_absolute_url())}
        queue_email("admin/spreadsheets/email", context, [job.user.email], AUTOMATIC)


WORK: dict[str, Callable[[Claim], None]] = {
    Kind.EXPORT: _export,
    Kind.CHECK: _check,
    Kind.IMPORT: _import,
}
