"""The inquiries on the dashboard, the admin's first page."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.admin.dashboard import Task, add_tasks, dashboard_panel
from core.admin.staff_views import StaffRequest
from core.mail.outbox import find_delayed, find_failed
from inquiries.models import UnprocessedEmail
from inquiries.statistics import charts
from inquiries.statistics.dashboard import InquiryDashboard

FAILED_SINCE = timedelta(days=7)
MAX_SHOWN_EMAILS = 5

add_tasks(
    Task(
        order=30,
        permission="inquiries.assign_inquiry",
        title=_("Assign new inquiries"),
        text=_("Not yet assigned"),
        view_name="admin:inquiries_inquiry_changelist",
        query="?status__exact=new",
    ),
    Task(
        order=35,
        permission="inquiries.add_inquiry",
        title=_("Add an inquiry"),
        text=_("From a call, a trade fair, a chat or a letter"),
        view_name="admin:inquiries_inquiry_add",
    ),
    Task(
        order=40,
        permission="inquiries.view_inquiry",
        title=_("Reply to inquiries"),
        text=_("Awaiting first reply"),
        view_name="admin:inquiries_inquiry_changelist",
        query="?status__exact=assigned",
    ),
    Task(
        order=50,
        permission="inquiries.view_inquiry",
        title=_("View overdue inquiries"),
        text=_("First reply overdue"),
        view_name="admin:inquiries_inquiry_changelist",
        query="?late=yes",
    ),
)


@dashboard_panel(
    "admin/inquiries/dashboard/panel.html", permission="inquiries.view_inquiry", order=10
)
def inquiries_panel(request: StaffRequest) -> dict[str, Any]:
    """The counts and statistics of the inquiries that the user may see."""
    dashboard = InquiryDashboard(request.user)
    weekly = [dashboard.by_source, dashboard.by_country, dashboard.by_product]
    answer_times, outcomes = dashboard.answer_times, dashboard.outcomes_by_month
    return {
        "dashboard": dashboard,
        "weekly_chart": charts.weekly_chart(dashboard),
        "weekly": [(table, charts.row_charts(table)) for table in weekly],
        "answer_times": answer_times,
        "answer_time_bars": charts.answer_time_bars(answer_times),
        "outcomes": outcomes,
        "outcome_bars": charts.outcome_bars(outcomes),
        "outcomes_by_contact": dashboard.outcomes_by_contact,
    }


@dashboard_panel(
    "admin/inquiries/_unprocessed_emails.html",
    permission="inquiries.view_unprocessedemail",
    order=5,
)
def unprocessed_emails_panel(request: StaffRequest) -> dict[str, Any]:
    """The number of e-mails that were set aside."""
    return {"count": UnprocessedEmail.objects.count()}


@dashboard_panel(
    "admin/inquiries/_email_problems.html", permission="inquiries.assign_inquiry", order=4
)
def email_problems_panel(request: StaffRequest) -> dict[str, Any]:
    """The e-mails to buyers and staff that wait for long or that no mail server accepted."""
    failed = find_failed(timezone.now() - FAILED_SINCE)
    return {
        "waiting": find_delayed().count(),
        "failed": failed.count(),
        "newest_failed": failed[:MAX_SHOWN_EMAILS],
    }
