"""Limits for guessing passwords, beside that of django-axes for one name from one network.

A network is locked when it has failed with too many names. A name that fails from many networks is
slowed down, but not locked: from a network where its user has logged in before, it is not slower,
so that guessing locks nobody out.
"""

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

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


def locked_out(request: HttpRequest, credentials: dict[str, Any] | None) -> HttpResponse:
    """The page for an attempt that is refused or the last one (settings.AXES_LOCKOUT_CALLABLE)."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "429.html", {"minutes": minutes}, status=429)


def _failures(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.order_by().aggregate(sum=Sum("failures_since_start"))["sum"] or 0
