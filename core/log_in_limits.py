"""Limits for guessing passwords, beside that of django-axes for one name from one network.

A network is locked when it has failed with too many names. A name that fails from many networks is
slowed down, but not locked: from a network where its user has logged in before, it is not slower,
so that guessing locks nobody out.
"""

from datetime import datetime
from typing import Any, NamedTuple

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.core.cache import cache
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

MAX_FAILURES_OF_NETWORK = 10  # within AXES_COOLOFF_TIME
MAX_FAILURES_OF_NAME = 10
SECONDS_BETWEEN_ATTEMPTS = 30  # for a name that has failed more often


class LogInHandler(AxesDatabaseHandler):
    """Decides whether somebody may try to log in (settings.AXES_HANDLER)."""

    def is_locked(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        network, name = request.axes_ip_address, (credentials or {}).get("username") or ""
        recent = AccessAttempt.objects.filter(attempt_time__gte=get_cool_off_threshold(request))
        if _failures(recent.filter(ip_address=network)) >= MAX_FAILURES_OF_NETWORK:
            return True
        if _failures(recent.filter(username=name)) < MAX_FAILURES_OF_NAME:
            return False
        if AccessLog.objects.filter(username=name, ip_address=network).exists():
            return False
        return not cache.add(f"log-in:{name.encode().hex()[:200]}", 1, SECONDS_BETWEEN_ATTEMPTS)


class Lock(NamedTuple):
    """A network that may not try to log in: with one user name, or with any if it is empty."""

    network: str
    username: str
    ends_at: datetime


def find_locks(limit: int) -> list[Lock]:
    """The newest locks of networks and of names, at most `limit` of each."""
    recent = AccessAttempt.objects.filter(
        attempt_time__gte=timezone.now() - settings.AXES_COOLOFF_TIME
    )
    networks = _find_failing(recent.values("ip_address"), MAX_FAILURES_OF_NETWORK)
    names = _find_failing(recent.values("ip_address", "username"), settings.AXES_FAILURE_LIMIT)
    return [
        Lock(row["ip_address"], row.get("username", ""), row["last"] + settings.AXES_COOLOFF_TIME)
        for row in (*networks[:limit], *names[:limit])
    ]


def locked_out(request: HttpRequest, credentials: dict[str, Any] | None) -> HttpResponse:
    """The page for an attempt that is refused or the last one (settings.AXES_LOCKOUT_CALLABLE)."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "429.html", {"minutes": minutes}, status=429)


def _failures(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.order_by().aggregate(sum=Sum("failures_since_start"))["sum"] or 0


def _find_failing(groups: QuerySet[AccessAttempt], limit: int) -> QuerySet[AccessAttempt]:
    failing = groups.annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    return failing.filter(failures__gte=limit).order_by("-last")
