"""How an article is read, in its form, and all of it as a file."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.spreadsheets import csv_response
from news.models import Article, DailyViews
from news.readings.charts import readings_of


class ReadingsMixin:
    """For the articles' admin: a chart in the form, and an export of the readings by day."""

    def get_urls(self) -> list[Any]:
        export = self.admin_site.admin_view(self.export_readings)  # type: ignore[attr-defined]
        urls = super().get_urls()  # type: ignore[misc]
        return [path("readings.csv", export, name="news_article_readings"), *urls]

    def readings(self, article: Article) -> str:
        return render_to_string("admin/_bar_chart.html", readings_of(article))

    readings.short_description = gettext_lazy("by day")  # type: ignore[attr-defined]

    def export_readings(self, request: HttpRequest) -> StreamingHttpResponse:
        """Every day of every article that is kept, as CSV in UTF-8."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        return csv_response("readings.csv", _rows())


def _rows() -> Iterator[Sequence[Any]]:
    yield [_("day"), _("address"), _("title"), _("views")]
    rows = DailyViews.objects.order_by("-day", "article_id")
    yield from rows.values_list("day", "article__slug", "article__title", "views").iterator()
