"""Reading the responses of the test client."""

import re

from django.http import HttpResponse
from django.utils.html import strip_tags


def one_line_html(response: HttpResponse) -> str:
    """The HTML of the page on one line, so that line breaks in templates do not matter."""
    return " ".join(response.content.decode().split())


def one_line_text(response: HttpResponse) -> str:
    """The HTML of the page without its tags, on one line."""
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))
