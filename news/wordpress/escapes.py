"""Repairs HTML that was escaped twice, as some plug-ins and importers leave it behind."""

import re
from html import unescape

REPEATED_AMPERSAND = re.compile(r"&amp;(?:amp;)+")
ESCAPED_ENTITY = re.compile(r"&amp;(?=(?:#\d+|#x[\da-fA-F]+|[a-zA-Z]+\d*);)")
ESCAPED_INLINE_TAG = re.compile(
    r"&lt;(?:/(?:a|b|cite|code|em|i|small|span|strong|sub|sup|u)|br ?/?)&gt;"
)


def repair_escapes(html: str) -> str:
    """`html`, a title or caption, in which no entity is escaped twice."""
    return ESCAPED_ENTITY.sub("&", REPEATED_AMPERSAND.sub("&amp;", html))


def repair_caption(html: str) -> str:
    """`html`, a caption, in which no entity is escaped twice and no inline tag once."""
    html = repair_escapes(html)
    return unescape(html) if "<" not in html and ESCAPED_INLINE_TAG.search(html) else html
