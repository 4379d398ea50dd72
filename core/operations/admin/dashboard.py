"""What does not work on this site, on the first page of those who run it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.admin.dashboard import Task, add_tasks, dashboard_panel
from core.admin.staff_views import StaffRequest
from core.operations.health import find_problems
from core.operations.permissions import VIEW

add_tasks(
    Task(
        order=100,
        permission=VIEW,
        title=_("Operations"),
        text=_("Worker, e-mail, disks, backups and versions"),
        view_name="operations",
    ),
)


@dashboard_panel("admin/operations/problems.html", permission=VIEW, order=1)
def problems_panel(request: StaffRequest) -> dict[str, Any]:
    """The problems of the health report."""
    return {"problems": list(find_problems().values())}
