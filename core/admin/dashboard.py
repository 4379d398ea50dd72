"""The admin's first page: tasks and panels, registered in each app's `admin/dashboard.py`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

PanelContext = Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Task:
    """A link to something that staff often do, for users with `permission`.

    `view_name` is the linked admin page, `query` its query string with the question mark.
    """

    order: int
    permission: str
    title: str | Promise
    text: str | Promise
    view_name: str
    query: str = ""

    @property
    def url(self) -> str:
        return reverse(self.view_name) + self.query


class Panel(NamedTuple):
    """A section of the first page: a template, and the function that returns its context."""

    order: int
    permission: str
    template_name: str
    get_context: PanelContext


@dataclass
class Dashboard:
    """The tasks and panels that the apps have registered."""

    tasks: list[Task] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)

    def tasks_for(self, user: User) -> list[Task]:
        allowed = [task for task in self.tasks if user.has_perm(task.permission)]
        return sorted(allowed, key=lambda task: task.order)

    def panels_for(self, user: User) -> list[Panel]:
        allowed = [panel for panel in self.panels if user.has_perm(panel.permission)]
        return sorted(allowed, key=lambda panel: panel.order)


dashboard = Dashboard()


def add_tasks(*tasks: Task) -> None:
    """Show these tasks on the first page, sorted by their `order`."""
    dashboard.tasks += tasks


def dashboard_panel(
    template_name: str, *, permission: str, order: int
) -> Callable[[PanelContext], PanelContext]:
    """Show a template on the first page; the decorated function returns its context."""

    def register(get_context: PanelContext) -> PanelContext:
        dashboard.panels.append(Panel(order, permission, template_name, get_context))
        return get_context

    return register


def get_panels(request: HttpRequest, user: User) -> list[tuple[str, dict[str, Any]]]:
    """The template and the context of each panel that `user` may see."""
    return [
        (panel.template_name, panel.get_context(request)) for panel in dashboard.panels_for(user)
    ]
