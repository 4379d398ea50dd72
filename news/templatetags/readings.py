"""How often articles are read, for the admin's first page."""

from django import template

from news.models import Article, DailyViews
from news.readings import charts

register = template.Library()
register.inclusion_tag("admin/_bar_chart.html")(charts.readings_of_all)


@register.simple_tag
def most_read_articles(days: int) -> list[tuple[Article, int]]:
    """The articles that were read most in the last days, drafts too, with how often."""
    counts = dict(DailyViews.objects.most_read(days))
    found = Article.objects.only("title").in_bulk(list(counts))
    return [(found[pk], views) for pk, views in counts.items() if pk in found]
