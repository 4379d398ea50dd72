"""The request that is being handled, for services and for the log."""

import re
import secrets
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve

# The request in whose thread something happens; None in the worker and in commands.
current_request: ContextVar[HttpRequest | None] = ContextVar("current_request", default=None)

REQUEST_ID_HEADER = "X-Request-ID"
# Stands in SQL comments and in logs, so nothing else is accepted.
SAFE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def choose_request_id(request: HttpRequest) -> str:
    """The id that our own reverse proxy gave the request, or a new one of 32 characters."""
    sent = request.headers.get(REQUEST_ID_HEADER, "") if settings.PROXY_COUNT else ""
    return sent if SAFE_ID.fullmatch(sent) else secrets.token_hex(16)


def loggable_path(request: HttpRequest) -> str:
    """The path without the token that gives access to everyone who has it."""
    token = token_in_url(request)
    return request.path.replace(f"/{token}/", "/[token]/") if token else request.path


def token_in_url(request: HttpRequest) -> str | None:
    """The token in the path, valid or not; None without one."""
    match = request.resolver_match or _find_view(request)
    return match.kwargs.get("token") if match else None


def _find_view(request: HttpRequest) -> ResolverMatch | None:
    """The view of a request that was answered before Django looked for it; None for a file."""
    if request.path_info.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
        return None
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def known_user_id(request: HttpRequest) -> int | None:
    """The primary key of the user who is logged in, if the session has been read."""
    # Django's middleware sets it. `request.user` would read the session, which logs errors itself.
    user = getattr(request, "_cached_user", None)
    return user.pk if user else None
