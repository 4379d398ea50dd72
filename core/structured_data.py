"""Structured data for search engines: JSON-LD in the vocabulary of schema.org."""

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.absolute_urls import absolute_url

# In a script element these could end it, or begin a comment that hides its end.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def json_ld(*things: dict[str, Any]) -> SafeString:
    """The `<script>` element with `things`, without empty values; no browser executes it."""
    graph = [{key: value for key, value in thing.items() if value} for thing in things]
    data = {"@context": "https://schema.org", "@graph": graph}
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(text),  # noqa: S308 -- escaped above, as a script needs it
    )


def breadcrumb_list(steps: list[tuple[str, str]]) -> dict[str, Any]:
    """The BreadcrumbList of a page: `steps` are names and URLs, from the home page on."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute_url(url)}
            for place, (name, url) in enumerate(steps, start=1)
        ],
    }
