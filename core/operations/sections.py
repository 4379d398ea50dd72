"""The sections of the page for those who run the site.

What a section shows is read before the page is rendered, so that one that fails can be left out.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.backup import destination
from core.backup.models import BackupRun
from core.log_in_limits import find_locks
from core.mail.mail_server import is_mail_server_set
from core.mail.outbox import RETENTION, find_failed, find_waiting
from core.operations.disks import find_places, name_of
from core.operations.health import PARTS, check_parts
from core.operations.versions import find_versions
from core.pagination import count_up_to
from core.pending_migrations import find_pending_migrations
from core.spreadsheets.models import SpreadsheetJob
from core.staff_log.models import StaffAction
from core.unused_files.models import CleanupRun
from core.worker.lock import is_a_worker_active
from core.worker.models import JobRun

MAX_COUNT = 1000
MAX_ROWS = 20

logger = logging.getLogger(__name__)


class Section(NamedTuple):
    """A section of the page: `read` returns the context of its template."""

    title: str | Promise
    template_name: str
    read: Callable[[], dict[str, Any]]
    permission: str = ""  # in addition to that of the page


class ShownSection(NamedTuple):
    """A section with what was read; None if that failed."""

    title: str | Promise
    template_name: str
    content: dict[str, Any] | None


def read_sections(user: User) -> list[ShownSection]:
    """The sections that `user` may see."""
    return [
        ShownSection(section.title, section.template_name, _read(section))
        for section in SECTIONS
        if not section.permission or user.has_perm(section.permission)
    ]


def _read(section: Section) -> dict[str, Any] | None:
    try:
        return section.read()
    except Exception:  # the others are still of use
        logger.exception("The section “%s” cannot be shown.", section.title)
        return None


def _read_health() -> dict[str, Any]:
    problems = check_parts()
    return {"parts": [(part.label, problems[part.name]) for part in PARTS]}


def _read_worker() -> dict[str, Any]:
    runs = list(JobRun.objects.recent())
    return {
        "is_active": is_a_worker_active(),
        "last": max(runs, key=lambda run: run.started_at, default=None),
        "runs": sorted(runs, key=lambda run: not run.has_failed),
    }


def _read_email() -> dict[str, Any]:
    waiting, failed = find_waiting(), find_failed(timezone.now() - RETENTION)
    return {
        "is_mail_server_set": is_mail_server_set(),
        "waiting": _count(waiting),
        "oldest": waiting.aggregate(oldest=Min("created"))["oldest"],
        "failed": _count(failed),
        "newest_failed": list(failed[:MAX_ROWS]),
    }


def _read_places() -> dict[str, Any]:
    return {"places": find_places()}


def _read_backups() -> dict[str, Any]:
    return {
        "last": BackupRun.objects.past().succeeded().first(),
        "place": name_of(destination.storage()),
        "hours": settings.BACKUP_EVERY,
    }


def _read_unused_files() -> dict[str, Any]:
    last = CleanupRun.objects.filter(ended_at__isnull=False).first()
    return {"days": settings.UNUSED_FILE_RETENTION, "last": last}


def _read_log_ins() -> dict[str, Any]:
    failed = StaffAction.objects.filter(
        kind=StaffAction.Kind.LOG_IN_FAILED, at__gt=timezone.now() - timedelta(days=1)
    )
    return {
        "failed": _count(failed),
        "newest_failed": list(failed[:MAX_ROWS]),
        "locks": find_locks(MAX_ROWS),
    }


def _read_spreadsheets() -> dict[str, Any]:
    jobs = SpreadsheetJob.objects.unfinished_or_failed().select_related("user")
    return {"jobs": list(jobs[:MAX_ROWS])}


def _read_versions() -> dict[str, Any]:
    return {"versions": find_versions(), "missing": find_pending_migrations()}


def _count(rows: QuerySet[Any]) -> str:
    """The number of rows, such as `12`, or `1000+`."""
    count, has_more = count_up_to(MAX_COUNT, rows)
    return f"{count}+" if has_more else str(count)


SECTIONS = (
    Section(_("State"), "admin/operations/_health.html", _read_health),
    Section(_("Worker"), "admin/operations/_worker.html", _read_worker),
    Section(_("E-mail"), "admin/operations/_email.html", _read_email),
    Section(_("Disks"), "admin/operations/_disks.html", _read_places),
    Section(_("Backups"), "admin/operations/_backups.html", _read_backups, "backup.view_backuprun"),
    Section(_("Unused files"), "admin/operations/_unused_files.html", _read_unused_files),
    Section(
        _("Failed log-ins"),
        "admin/operations/_log_ins.html",
        _read_log_ins,
        "staff_log.view_staffaction",
    ),
    Section(
        _("Exports and imports"),
        "admin/operations/_spreadsheets.html",
        _read_spreadsheets,
        "spreadsheets.view_spreadsheetjob",
    ),
    Section(_("Versions"), "admin/operations/_versions.html", _read_versions),
)
