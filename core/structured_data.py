"""Structured data for search engines: JSON-LD in the vocabulary of schema.org."""

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.absolute_urls import absolute_url

# These could close the script element, or open a comment that hides its end.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def json_ld(*items: dict[str, Any]) -> SafeString:
    """A `<script>` element with `items`, without their empty values; browsers do not run it."""
    graph = [{key: value for key, value in item.items() if value} for item in items]
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
            {"@type": "ListItem", "position": position, "name": name, "item": absolute_url(url)}
            for position, (name, url) in enumerate(steps, start=1)
        ],
    }
