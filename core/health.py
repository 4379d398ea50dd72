"""Liveness and readiness of the site, for load balancers, monitors and operators."""

import logging
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from post_office.models import STATUS, Email

from core.pending_migrations import find_pending_migrations
from core.worker.lock import is_a_worker_active

logger = logging.getLogger(__name__)

# An e-mail that is due for so long has no worker that sends it.
MAX_WAITING = timedelta(minutes=15)


class Part(NamedTuple):
    """A part of the site: `find_problem` returns a sentence for the operator, "" if it works.

    The site is not ready without a required part. Others only disturb what depends on them.
    """

    name: str
    find_problem: Callable[[], str]
    is_required: bool = False


def find_database_problem() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def find_migrations_problem() -> str:
    missing = find_pending_migrations()
    if not missing:
        return ""
    names = ", ".join(missing[:5])
    return _("Migrations are missing (%(names)s): run `manage.py migrate`.") % {"names": names}


def find_static_files_problem() -> str:
    if isinstance(staticfiles_storage, ManifestFilesMixin) and not staticfiles_storage.hashed_files:
        return _("The static files are not collected: run `manage.py collectstatic`.")
    return ""


def find_worker_problem() -> str:
    if is_a_worker_active():
        return ""
    return _("No worker is active: start `manage.py run_worker`.")


def find_email_problem() -> str:
    now = timezone.now()
    due = Email.objects.filter(status__in=(STATUS.queued, STATUS.requeued))
    oldest = due.exclude(scheduled_time__gt=now).aggregate(oldest=Min("last_updated"))["oldest"]
    if oldest is None or oldest > now - MAX_WAITING:
        return ""
    since = date_format(timezone.localtime(oldest), "SHORT_DATETIME_FORMAT")
    return _("E-mail has been waiting to be sent since %(since)s.") % {"since": since}


def find_cache_problem() -> str:
    key, value = f"health-{uuid4().hex}", "works"
    cache.set(key, value, timeout=10)
    is_kept = cache.get(key) == value
    cache.delete(key)
    return "" if is_kept else _("The cache does not keep what is stored in it.")


def find_storage_problem() -> str:
    for alias in ("default", "private"):
        storage = storages[alias]
        if isinstance(storage, FileSystemStorage) and not _is_writable(Path(storage.location)):
            return _("Files cannot be stored in %(folder)s.") % {"folder": storage.location}
    return ""


PARTS = (
    Part("database", find_database_problem, is_required=True),
    Part("migrations", find_migrations_problem, is_required=True),
    Part("static files", find_static_files_problem, is_required=True),
    Part("worker", find_worker_problem),
    Part("e-mail", find_email_problem),
    Part("cache", find_cache_problem),
    Part("storage", find_storage_problem),
)


def find_problems() -> dict[str, str]:
    """What does not work, by the names of `PARTS`."""
    problems = {part.name: _find_problem(part) for part in PARTS}
    return {name: problem for name, problem in problems.items() if problem}


@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """Respond with 200 as long as the process runs."""
    return JsonResponse({"alive": True})


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Respond with 200 if pages can be served, else with 503.

    A request with the key in HEALTH_KEY, as `Authorization: Bearer <key>`, gets the state of each
    part: `"ok"` or a sentence.
    """
    may_see_parts = _has_key(request)
    parts = [part for part in PARTS if may_see_parts or part.is_required]
    problems = {part.name: _find_problem(part) for part in parts}
    failed = [part.name for part in parts if part.is_required and problems[part.name]]
    content: dict[str, object] = {"ready": not failed, "database": not problems["database"]}
    if may_see_parts:
        content["parts"] = {name: problem or "ok" for name, problem in problems.items()}
    return JsonResponse(content, status=503 if failed else 200)


def _find_problem(part: Part) -> str:
    try:
        problem = part.find_problem()
    except Exception as error:  # a broken part must not break the report
        logger.warning("The health check of the %s failed.", part.name, exc_info=error)
        return _("%(part)s: no response (%(error)s).") % {
            "part": part.name,
            "error": type(error).__name__,
        }
    if problem:
        logger.warning("%s", problem)
    return problem


def _has_key(request: HttpRequest) -> bool:
    key = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.HEALTH_KEY) and constant_time_compare(key, settings.HEALTH_KEY)


def _is_writable(folder: Path) -> bool:
    """Whether files can be created in a folder, or the folder itself if it does not exist."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK)
