"""Absolute URLs, for e-mails and other sites."""

from urllib.parse import urljoin

from django.conf import settings


def absolute_url(url: str) -> str:
    """`url` with the scheme and host of SITE_URL, unless it already has a host of its own."""
    if url.startswith("/") and not url.startswith("//"):
        return settings.SITE_URL + url
    return urljoin(settings.SITE_URL, url)
