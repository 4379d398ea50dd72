"""How the fields of forms are written (FORM_RENDERER)."""

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from core.html import escape_text, write_attributes

INPUTS = {
    f"django/forms/widgets/{name}.html"
    for name in ("text", "number", "email", "url", "hidden", "checkbox", "file")
}


class FormRenderer(TemplatesSetting):
    """Renders the templates of widgets, those in templates/ before Django's.

    An `<input>` needs none. It took three, and 0.1 milliseconds.
    """

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        if template_name in INPUTS:
            return write_input(context["widget"])
        return super().render(template_name, context, request)


def write_input(widget: dict[str, Any]) -> SafeString:
    """The `<input>` with the context of a widget (`Widget.get_context`)."""
    value = "" if widget["value"] is None else f' value="{escape_text(widget["value"])}"'
    attributes = write_attributes(widget["attrs"])
    return mark_safe(  # noqa: S308 -- escaped
        f'<input type="{widget["type"]}" name="{escape_text(widget["name"])}"{value}{attributes}>'
    )
