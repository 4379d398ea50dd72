"""`{% description text %}`: what search engines and chat apps show of a page."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.text.html import html_to_text, truncate_text
from core.text.sentences import first_sentences

PICTURE = re.compile(r'<img [^>]*?src="([^"]*)"')
MAX_LENGTH = 160  # characters, as search engines show them
MAX_NAMES = 8

register = template.Library()


@register.simple_tag
def summarize(*texts: Any) -> str:
    """The first of `texts` that is not empty, without markup, cut after a sentence."""
    text = next((text for text in map(str, filter(None, texts)) if text.strip()), "")
    if "<" in text or "&" in text:
        text = html_to_text(text)
    return first_sentences(text, MAX_LENGTH)


@register.simple_tag
def description(text: str) -> SafeString | str:
    """The `<meta>` elements with a description; nothing for an empty text."""
    if not text:
        return ""
    return format_html(
        '<meta name="description" content="{0}"><meta property="og:description" content="{0}">',
        text,
    )


@register.filter
def first_picture(html: str) -> str:
    """The URL of the first picture in cleaned HTML; empty without one."""
    found = PICTURE.search(html or "")
    return unescape(found[1]) if found else ""


@register.filter
def names(rows: Iterable[Any] | None, company: Any = "") -> str:
    """The first names or titles of rows as a list, after the name of the company if it has one."""
    listed = _(", ").join(str(row) for row in list(rows or [])[:MAX_NAMES])
    owner = getattr(company, "name", "")
    return truncate_text(f"{owner}: {listed}" if owner and listed else listed, MAX_LENGTH)
