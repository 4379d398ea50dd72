"""Whether the parts of the site work."""

import logging
import os
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, storages
from django.db import DatabaseError, connection
from django.db.models import Max, Min
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.backup.models import BackupRun
from core.mail.outbox import find_delayed
from core.operations.disks import find_existing, find_places
from core.pending_migrations import find_pending_migrations
from core.proxies import find_proxy_problem
from core.virus_scan import is_responding, is_scanning
from core.worker.lock import is_a_worker_active
from core.worker.models import JobRun

MAX_NAMES = 5  # in one sentence
# Between the starts of jobs: a worker starts one every few seconds, cron every five minutes.
MAX_PAUSE = timedelta(minutes=10)

logger = logging.getLogger(__name__)


class Part(NamedTuple):
    """A part of the site: `check` returns a sentence for the operator, "" if it works.

    The site is not ready without a required part. Others only disturb what depends on them. A part
    is not checked while the tables of one of its `apps` lack a migration.
    """

    name: str
    label: str | Promise
    check: Callable[[], str]
    is_required: bool = False
    apps: frozenset[str] = frozenset()

    def find_problem(self) -> str:
        """What `check` returns, which is also logged, or that it failed."""
        try:
            problem = self.check()
        except Exception as error:  # a broken part must not break the report
            logger.warning("The health check of the %s failed.", self.name, exc_info=error)
            return _("%(part)s: no response (%(error)s).") % {
                "part": self.name,
                "error": type(error).__name__,
            }
        if problem:
            logger.warning("%s", problem)
        return problem


def check_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def check_migrations() -> str:
    missing = find_pending_migrations()
    if not missing:
        return ""
    names = ", ".join(missing[:MAX_NAMES])
    return _("Migrations are missing (%(names)s): run `manage.py migrate`.") % {"names": names}


def check_static_files() -> str:
    if isinstance(staticfiles_storage, ManifestFilesMixin) and not staticfiles_storage.hashed_files:
        return _("The static files are not collected: run `manage.py collectstatic`.")
    return ""


def check_worker() -> str:
    """Whether jobs run; without an active worker, recent runs are those of cron."""
    now, is_active = timezone.now(), is_a_worker_active()
    past = JobRun.objects.filter(started_at__lte=now)
    last = past.aggregate(last=Max("started_at"))["last"]
    if (last and last > now - MAX_PAUSE) or (is_active and last is None):
        return ""
    if not is_active:
        return _("No worker is active: start `manage.py run_worker`.")
    since = date_format(timezone.localtime(last), "SHORT_DATETIME_FORMAT")
    return _("The worker has started no job since %(since)s: restart it.") % {"since": since}


def check_email() -> str:
    oldest = find_delayed().aggregate(oldest=Min("created"))["oldest"]
    if oldest is None:
        return ""
    since = date_format(timezone.localtime(oldest), "SHORT_DATETIME_FORMAT")
    return _("E-mail has been waiting to be sent since %(since)s.") % {"since": since}


def check_cache() -> str:
    key, value = f"health-{uuid4().hex}", "works"
    cache.set(key, value, timeout=10)
    is_kept = cache.get(key) == value
    cache.delete(key)
    return "" if is_kept else _("The cache does not keep what is stored in it.")


def check_storage() -> str:
    for alias in ("default", "private"):
        storage = storages[alias]
        if isinstance(storage, FileSystemStorage):
            folder = Path(storage.location)
            if not os.access(find_existing(folder), os.W_OK):
                return _("Files cannot be stored in %(folder)s.") % {"folder": folder}
    return ""


def check_disks() -> str:
    full = {place.device: place for place in find_places() if place.is_full}
    return " ".join(
        _("Only %(free)s of %(total)s are free on the disk of %(folder)s.")
        % {
            "free": filesizeformat(place.free),
            "total": filesizeformat(place.total),
            "folder": place.name,
        }
        for place in full.values()
    )


def check_backups() -> str:
    runs = BackupRun.objects.past()
    last = runs.exclude(ended_at=None).first()
    if last and last.error:
        return _("The last backup failed: %(error)s") % {"error": last.error}
    oldest = timezone.now() - timedelta(hours=settings.BACKUP_EVERY * 2)
    is_late = (
        settings.BACKUP_EVERY
        and runs.filter(started_at__lt=oldest).exists()
        and not runs.succeeded().filter(started_at__gte=oldest).exists()
    )
    return _("The last backup is older than it should be.") if is_late else ""


def check_jobs() -> str:
    names = ", ".join(JobRun.objects.failed().values_list("job", flat=True)[:MAX_NAMES])
    return _("Scheduled jobs fail: %(names)s.") % {"names": names} if names else ""


def check_virus_scanner() -> str:
    if is_scanning() and not is_responding():
        return _("The virus scanner does not respond: attached files are checked later.")
    return ""


PARTS = (
    Part("database", gettext_lazy("Database"), check_database, is_required=True),
    Part("migrations", gettext_lazy("Migrations"), check_migrations, is_required=True),
    Part("static files", gettext_lazy("Static files"), check_static_files, is_required=True),
    Part("worker", gettext_lazy("Worker"), check_worker, apps=frozenset({"worker"})),
    Part("jobs", gettext_lazy("Scheduled jobs"), check_jobs, apps=frozenset({"worker"})),
    Part("e-mail", gettext_lazy("E-mail"), check_email, apps=frozenset({"post_office"})),
    Part("cache", gettext_lazy("Cache"), check_cache),
    Part("storage", gettext_lazy("Storage"), check_storage),
    Part("disks", gettext_lazy("Disks"), check_disks),
    Part("backups", gettext_lazy("Backups"), check_backups, apps=frozenset({"backup"})),
    Part("virus scanner", gettext_lazy("Virus scanner"), check_virus_scanner),
    Part("proxy", gettext_lazy("Reverse proxy"), find_proxy_problem),
)


def check_parts(parts: Iterable[Part] = PARTS) -> dict[str, str | None]:
    """The problem of each of `parts` by its name: "" if it works, None if it is not checked."""
    lacking = _apps_that_lack_migrations()
    return {part.name: None if part.apps & lacking else part.find_problem() for part in parts}


def find_problems() -> dict[str, str]:
    """What does not work, by the names of `PARTS`."""
    return {name: problem for name, problem in check_parts().items() if problem}


def _apps_that_lack_migrations() -> set[str]:
    try:
        return {name.partition(".")[0] for name in find_pending_migrations()}
    except DatabaseError:  # which the part “database” tells
        return set()
