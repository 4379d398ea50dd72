"""What pages are about, for machines: JSON-LD in the words of schema.org."""

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.absolute_urls import absolute

# Within a script element these could end it, or begin a comment that swallows its end.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def script(*things: dict[str, Any]) -> SafeString:
    """The element that holds `things`, without what is empty. It is data: no browser runs it."""
    graph = [{key: value for key, value in thing.items() if value} for thing in things]
    data = {"@context": "https://schema.org", "@graph": graph}
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(text),  # noqa: S308 -- escaped above, as a script needs it
    )


def breadcrumb(steps: list[tuple[str, str]]) -> dict[str, Any]:
    """The way to a page: the name and address of each step from the home page on."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(address)}
            for place, (name, address) in enumerate(steps, start=1)
        ],
    }
