"""Who is asking: the visitor's address behind proxies, and whether a person is reading."""

from functools import lru_cache
from typing import cast

from crawleruseragents import is_crawler
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest

PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Moz")


def client_address(request: HttpRequest, *args: object) -> str:
    """The address that asked, as the outermost of our own proxies saw it; empty if unknown.

    Each proxy appends the address it was asked from to X-Forwarded-For, so the PROXY_COUNT-th
    entry from the end is the last one that a visitor cannot make up.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if 0 < settings.PROXY_COUNT <= len(forwarded):
        return forwarded[-settings.PROXY_COUNT].strip() or direct
    return direct


def is_staff(request: HttpRequest) -> bool:
    """Whether a member of staff is logged in.

    The session is opened only for a request that brings its cookie, so that an anonymous page
    varies on nothing but its address.
    """
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_staff


def account(request: HttpRequest) -> User:
    """The account at work in a view that nobody reaches without logging in."""
    return cast(User, request.user)


def is_read_by_a_person(request: HttpRequest) -> bool:
    """Whether this request counts as a reading: not staff, no crawler, no prefetch, no HEAD."""
    return (
        request.method == "GET"
        and not any("prefetch" in request.headers.get(name, "") for name in PREFETCH_HEADERS)
        and not _is_machine(request.headers.get("User-Agent", ""))
        and not is_staff(request)
    )


@lru_cache(maxsize=4096)
def _is_machine(user_agent: str) -> bool:
    return not user_agent or is_crawler(user_agent)
