"""Whether the parts of the site work."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from django.db.models import Min
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.mail.outbox import find_delayed
from core.pending_migrations import find_pending_migrations
from core.worker.lock import is_a_worker_active
from core.worker.models import JobRun

MAX_NAMES = 5  # in one sentence

logger = logging.getLogger(__name__)


class Part(NamedTuple):
    """A part of the site: `check` returns a sentence for the operator, "" if it works.

    The site is not ready without a required part. Others only disturb what depends on them.
    """

    name: str
    check: Callable[[], str]
    is_required: bool = False

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
    if is_a_worker_active():
        return ""
    return _("No worker is active: start `manage.py run_worker`.")


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
        if isinstance(storage, FileSystemStorage) and not _is_writable(Path(storage.location)):
            return _("Files cannot be stored in %(folder)s.") % {"folder": storage.location}
    return ""


def check_jobs() -> str:
    names = ", ".join(JobRun.objects.failed().values_list("job", flat=True)[:MAX_NAMES])
    return _("Scheduled jobs fail: %(names)s.") % {"names": names} if names else ""


PARTS = (
    Part("database", check_database, is_required=True),
    Part("migrations", check_migrations, is_required=True),
    Part("static files", check_static_files, is_required=True),
    Part("worker", check_worker),
    Part("jobs", check_jobs),
    Part("e-mail", check_email),
    Part("cache", check_cache),
    Part("storage", check_storage),
)


def find_problems() -> dict[str, str]:
    """What does not work, by the names of `PARTS`."""
    problems = {part.name: part.find_problem() for part in PARTS}
    return {name: problem for name, problem in problems.items() if problem}


def _is_writable(folder: Path) -> bool:
    """Whether files can be created in a folder, or the folder itself if it does not exist."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK)
