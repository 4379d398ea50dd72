"""Properties of a request: the visitor's IP address, the user, whether it is a page view."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, cast
from urllib.parse import urlsplit

from crawleruseragents import is_crawler
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

PREFETCH_HEADERS = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ")


def client_ip(request: HttpRequest, *args: object) -> str:
    """The visitor's IP address as the outermost of our own proxies saw it; empty if unknown.

    Each proxy appends the address of its client to X-Forwarded-For, so the PROXY_COUNT-th entry
    from the end is the last one that a visitor cannot forge. `args` is what django-axes passes.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if 0 < settings.PROXY_COUNT <= len(forwarded):
        return forwarded[-settings.PROXY_COUNT].strip() or direct
    return direct


def network_of(address: str) -> str:
    """What is counted as one sender: an IPv4 address, or the /64 network of an IPv6 address.

    A provider gives each customer at least one /64, of which a device may use any address. What is
    no IP address is returned unchanged.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)


def client_network(request: HttpRequest, *args: object) -> str:
    """The visitor's IP address as it is counted, without the length of its network."""
    return network_of(client_ip(request)).partition("/")[0]


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the request came from a page of this site, according to the browser.

    Browsers send `Sec-Fetch-Site` (W3C Fetch Metadata) over secure connections, and `Origin`
    (RFC 6454) with every POST; scripts of other sites cannot set either. False without both.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def referring_path(request: HttpRequest) -> str:
    """The path of the page of this site that linked here; empty for other sites and none."""
    return urlsplit(referring_url(request)).path


def referring_url(request: HttpRequest) -> str:
    """The path and query string of the page of this site that linked here, to which to return."""
    try:
        referrer = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # such as http://[::1
        return ""
    url = referrer._replace(scheme="", netloc="", fragment="").geturl()
    is_own = referrer.netloc == request.get_host() and url_has_allowed_host_and_scheme(url, None)
    return url if is_own else ""


def is_staff(request: HttpRequest) -> bool:
    """Whether a member of staff is logged in.

    The session is only read if the request has its cookie, so that the response to an anonymous
    visitor does not vary on cookies.
    """
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_staff


def logged_in_user(request: HttpRequest) -> User:
    """The user of a request that has already passed the log-in check."""
    return cast(User, request.user)


def counts_as_page_view(request: HttpRequest) -> bool:
    """Whether this is a GET request of a person outside the staff: no crawler, no prefetch."""
    return request.method == "GET" and is_person(request.META) and not is_staff(request)


def is_person(environ: Mapping[str, Any]) -> bool:
    """Whether the headers of a request (as in PEP 3333) are those of a reader.

    They are not if a crawler sends it, or a browser that only prepares for the reader's next click.
    """
    return not any(
        "prefetch" in environ.get(name, "") for name in PREFETCH_HEADERS
    ) and not _is_crawler(environ.get("HTTP_USER_AGENT", ""))


@lru_cache(maxsize=4096)
def _is_crawler(user_agent: str) -> bool:
    return not user_agent or is_crawler(user_agent)
