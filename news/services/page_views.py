"""The statistics of how often articles are viewed."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from contacts.models import Company
from news.models import Article, DailyViews

RETENTION = timedelta(days=400)  # so that a month can be compared with the same month a year ago
BATCH_SIZE = 500


def aggregate_daily_views() -> int:
    """Add the views since the last run to today's `DailyViews`; returns the number of articles.

    No views are lost if a run is late: `aggregated_views` is the number already added.
    """
    articles = Article.objects.filter(has_new_views=True)
    count = 0
    while batch := list(articles.values_list("pk", flat=True)[:BATCH_SIZE]):
        with transaction.atomic():
            rows = articles.select_for_update().filter(pk__in=batch).order_by("pk")
            for pk, views, aggregated in list(rows.values_list("pk", "views", "aggregated_views")):
                _add_to_today(pk, views - aggregated)
                Article.objects.filter(pk=pk).update(aggregated_views=views, has_new_views=False)
                count += 1
    return count


def _add_to_today(article_id: int, views: int) -> None:
    today = Company.current().today
    day, _created = DailyViews.objects.get_or_create(article_id=article_id, day=today)
    DailyViews.objects.filter(pk=day.pk).update(views=F("views") + views)


def delete_old_daily_views() -> int:
    """Delete the days before the retention period; returns the number of rows."""
    oldest = Company.current().today - RETENTION
    deleted, _by_model = DailyViews.objects.filter(day__lt=oldest).delete()
    return deleted
