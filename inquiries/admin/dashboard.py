"""The inquiries' part of the admin's first page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.admin.dashboard import Task, add_tasks, dashboard_panel
from core.admin.staff_views import StaffRequest
from inquiries.statistics import charts
from inquiries.statistics.dashboard import Board

add_tasks(
    Task(
        order=30,
        permission="inquiries.assign_inquiry",
        title=_("Assign new inquiries"),
        text=_("Those that nobody takes care of yet"),
        view_name="admin:inquiries_inquiry_changelist",
        query="?status__exact=new",
    ),
    Task(
        order=40,
        permission="inquiries.view_inquiry",
        title=_("Answer inquiries"),
        text=_("Those that wait for a first answer"),
        view_name="admin:inquiries_inquiry_changelist",
        query="?status__exact=assigned",
    ),
    Task(
        order=50,
        permission="inquiries.view_inquiry",
        title=_("See what is late"),
        text=_("Inquiries whose first answer is overdue"),
        view_name="admin:inquiries_inquiry_changelist",
        query="?late=yes",
    ),
)


@dashboard_panel(
    "admin/inquiries/dashboard/panel.html", permission="inquiries.view_inquiry", order=10
)
def inquiries_panel(request: StaffRequest) -> dict[str, Any]:
    """What is waiting, and the statistics, of the inquiries that the user may see."""
    board = Board(request.user)
    weekly = [board.by_source, board.by_country, board.by_product]
    answer_times, outcomes = board.answer_times, board.outcomes_by_month
    return {
        "board": board,
        "all_weeks": charts.all_weeks(board),
        "weekly": [(table, charts.small_charts(table)) for table in weekly],
        "answer_times": answer_times,
        "spans": charts.spans(answer_times),
        "outcomes": outcomes,
        "won_and_lost": charts.won_and_lost(outcomes),
        "outcomes_by_contact": board.outcomes_by_contact,
    }
