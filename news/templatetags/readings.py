"""How often articles are read, drawn for the admin."""

from typing import Any

from django import template
from django.utils.translation import gettext

from config.charts import bar_chart
from news.models import Article, DailyViews

register = template.Library()

DAYS = 30


@register.inclusion_tag("admin/_bar_chart.html")
def readings_of(article: Article) -> dict[str, Any]:
    """The readings of `article` in the last 30 days."""
    points = DailyViews.objects.filter(article=article).by_day(DAYS)
    return {"chart": bar_chart(points), "title": gettext("Readings in the last 30 days")}


@register.inclusion_tag("admin/_bar_chart.html")
def readings_of_all() -> dict[str, Any]:
    """The readings of all articles in the last 30 days."""
    points = DailyViews.objects.by_day(DAYS)
    return {"chart": bar_chart(points), "title": gettext("Readings in the last 30 days")}


@register.simple_tag
def most_read_articles(days: int) -> list[tuple[Article, int]]:
    """The articles that were read most in the last days, drafts too, with how often."""
    counts = dict(DailyViews.objects.most_read(days))
    found = Article.objects.only("title").in_bulk(list(counts))
    return [(found[pk], views) for pk, views in counts.items() if pk in found]
