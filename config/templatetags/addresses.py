"""`{{ translation.url|absolute }}`: an address as other sites need it."""

from urllib.parse import urljoin

from django import template
from django.conf import settings

register = template.Library()


@register.filter
def absolute(url: str) -> str:
    """`url` with the site's own beginning, unless it has one, as a picture kept elsewhere."""
    return urljoin(settings.SITE_URL, url)
