"""Template tags for the tasks and panels on the admin's first page."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from core.admin.dashboard import Task, dashboard, get_panels

register = template.Library()


@register.simple_tag(takes_context=True)
def dashboard_tasks(context: Any) -> list[Task]:
    """The tasks of the user."""
    return dashboard.tasks_for(context["request"].user)


@register.simple_tag(takes_context=True)
def dashboard_panels(context: Any) -> SafeString:
    """The panels that the user may see, rendered one after the other."""
    request = context["request"]
    panels = get_panels(request, request.user)
    rendered = ((render_to_string(name, values, request),) for name, values in panels)
    return format_html_join("", "{}", rendered)
