"""What does not work on this site, on the first page of those who run it."""

from typing import Any

from core.admin.dashboard import dashboard_panel
from core.admin.staff_views import StaffRequest
from core.operations.health import find_problems


@dashboard_panel("admin/operations/problems.html", permission="post_office.view_email", order=1)
def problems_panel(request: StaffRequest) -> dict[str, Any]:
    """The problems of the health report."""
    return {"problems": list(find_problems().values())}
