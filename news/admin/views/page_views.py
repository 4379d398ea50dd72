"""The page views of all articles as a file."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import router
from django.http import StreamingHttpResponse
from django.utils.translation import gettext

from core.admin.staff_views import StaffRequest, staff_view
from core.replica import replica_reads
from core.spreadsheets.streaming import csv_response
from news.models import DailyViews


@staff_view(permission="news.view_article")
def export(request: StaffRequest) -> StreamingHttpResponse:
    """The views of each article on each stored day, as CSV in UTF-8."""
    return csv_response("page-views.csv", _rows())


def _rows() -> Iterator[Sequence[Any]]:
    yield [gettext("day"), gettext("slug"), gettext("title"), gettext("views")]
    with replica_reads():
        database = router.db_for_read(DailyViews)
    rows = DailyViews.objects.using(database).order_by("-day", "article_id")
    yield from rows.values_list("day", "article__slug", "article__title", "views").iterator()
