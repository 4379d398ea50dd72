"""Notices a reverse proxy that PROXY_COUNT does not count.

All visitors then seem to have its address: one who guesses passwords locks the whole staff out.
"""

import ipaddress
import logging
from threading import Event

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

# Whether a proxy has forwarded a request to this process.
was_noticed = Event()


def notice_proxy(request: HttpRequest) -> None:
    """Log once if a proxy forwards requests although there should be none."""
    if settings.PROXY_COUNT or "HTTP_X_FORWARDED_FOR" not in request.META or was_noticed.is_set():
        return
    if _is_near(request.META.get("REMOTE_ADDR", "")):
        was_noticed.set()
        logger.warning("A reverse proxy forwards requests, but PROXY_COUNT is 0.")


def find_proxy_problem() -> str:
    """A sentence for the operator; empty if all is well."""
    if settings.PROXY_COUNT:
        return ""
    if settings.USES_HTTPS:  # which this server does not speak
        return _("SITE_URL starts with https, so there is a reverse proxy: set PROXY_COUNT.")
    if was_noticed.is_set():
        return _("A reverse proxy forwards the requests of all visitors: set PROXY_COUNT.")
    return ""


def _is_near(address: str) -> bool:
    """Whether it is an address of our own network, or none as of a Unix socket.

    A visitor who forges the header has another one.
    """
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return True
