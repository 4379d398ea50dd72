"""Page views of the last days, as charts."""

from typing import Any

from django.utils.translation import gettext

from core.admin.charts import bar_chart
from core.replica import replica_reads
from news.models import Article, DailyViews, TotalViews

DAYS = 30


def article_views_chart(article: Article) -> dict[str, Any]:
    """The views of `article` in the last 30 days: the context of `admin/_bar_chart.html`."""
    return _chart(DailyViews.objects.filter(article_id=article.pk))


def total_views_chart() -> dict[str, Any]:
    """The views of all articles in the last 30 days: the context of `admin/_bar_chart.html`."""
    return _chart(TotalViews.objects.all())


def _chart(views: Any) -> dict[str, Any]:
    title = gettext("Views in the last %(days)d days") % {"days": DAYS}
    with replica_reads():
        return {"chart": bar_chart(views.by_day(DAYS)), "title": title}
