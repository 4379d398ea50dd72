"""How often articles are read, as charts."""

from typing import Any

from django.utils.translation import gettext

from core.admin.charts import bar_chart
from news.models import Article, DailyViews

DAYS = 30


def readings_of(article: Article) -> dict[str, Any]:
    """The readings of `article` in the last 30 days, for `admin/_bar_chart.html`."""
    return _chart(DailyViews.objects.filter(article_id=article.pk))


def readings_of_all() -> dict[str, Any]:
    """The readings of all articles in the last 30 days, for `admin/_bar_chart.html`."""
    return _chart(DailyViews.objects.all())


def _chart(views: Any) -> dict[str, Any]:
    title = gettext("Readings in the last %(days)d days") % {"days": DAYS}
    return {"chart": bar_chart(views.by_day(DAYS)), "title": title}
