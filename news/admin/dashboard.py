"""The tasks and the panel of the news on the admin's first page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.admin.dashboard import Task, add_tasks, dashboard_panel
from core.admin.staff_views import StaffRequest
from core.replica import replica_reads
from news.admin.charts import total_views_chart
from news.models import Article, MostRead

SHOWN_ARTICLES = 5

add_tasks(
    Task(
        order=10,
        permission="news.add_article",
        title=_("Write an article"),
        text=_("Add news with images and schedule it"),
        view_name="admin:news_article_add",
    ),
    Task(
        order=20,
        permission="news.publish_article",
        title=_("Approve articles"),
        text=_("Submitted for approval"),
        view_name="admin:news_article_changelist",
        query="?state=submitted",
    ),
)


@dashboard_panel("admin/news/_dashboard.html", permission="news.view_article", order=20)
def news_panel(request: StaffRequest) -> dict[str, Any]:
    """The views of all articles in the last 30 days, and the most read of the last week."""
    return {**total_views_chart(), "most_read": _most_read()}


def _most_read() -> list[tuple[Article, int]]:
    """The articles with the most views in the last week, with the number; drafts are included."""
    with replica_reads():
        rows = MostRead.objects.select_related("article").order_by("-views", "-pk")
        return [(row.article, row.views) for row in rows[:SHOWN_ARTICLES]]
