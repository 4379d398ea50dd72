"""Addresses as other sites need them."""

from urllib.parse import urljoin

from django.conf import settings


def absolute(address: str) -> str:
    """`address` with the site's own beginning, unless it has one, as a picture kept elsewhere."""
    return urljoin(settings.SITE_URL, address)
