"""Attributes and options of form widgets, written in one pass.

Django renders a template for each option, which took most of the time of the inquiry form.
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from core.html import escape_text, write_attributes

register = template.Library()
register.filter("attributes", write_attributes)


@register.filter
def options(optgroups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """The `<option>` elements of a select widget, in their groups."""
    parts: list[str] = []
    for group, choices, _index in optgroups:
        if group:
            parts.append(f'\n  <optgroup label="{escape_text(group)}">')
        parts.extend(
            f'\n  <option value="{escape_text(choice["value"])}"'
            f"{write_attributes(choice['attrs'])}>{escape_text(choice['label'])}</option>"
            for choice in choices
        )
        if group:
            parts.append("\n  </optgroup>")
    return mark_safe("".join(parts))  # noqa: S308 -- escaped above
