"""The statistics of how often articles are viewed."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from contacts.models import Company
from news.models import Article, DailyViews, MostRead, TotalViews

RETENTION = timedelta(days=400)  # so that a month can be compared with the same month a year ago
BATCH_SIZE = 500
COLUMNS = ("views", "aggregated_views", "viewed_at")

MOST_READ_DAYS = 7
MAX_MOST_READ = 20  # more than are shown, since some may be unpublished


def aggregate_daily_views() -> int:
    """Add the views since the last run to today's `DailyViews`; returns the number of articles.

    No views are lost if a run is late: `aggregated_views` is the number already added.
    """
    viewed = Article.objects.filter(viewed_at__isnull=False).order_by("pk")
    count, last = 0, 0
    while batch := list(viewed.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH_SIZE]):
        with transaction.atomic():
            rows = viewed.select_for_update().filter(pk__in=batch).only(*COLUMNS)
            new_views = [_aggregate(article) for article in rows]
            _add_to_today(TotalViews, sum(new_views))
        count += sum(1 for views in new_views if views)
        last = batch[-1]
    return count


def _aggregate(article: Article) -> int:
    """Add the new views of a locked article, and return their number."""
    views = article.views - article.aggregated_views
    if views:
        _add_to_today(DailyViews, views, article_id=article.pk)
    changes: dict[str, object] = {"aggregated_views": article.views}
    # Processes note a view at most so often, and the next one may not be noted yet.
    if article.viewed_at and article.viewed_at < timezone.now() - 2 * Article.NOTE_EVERY:
        changes["viewed_at"] = None
    Article.objects.filter(pk=article.pk).update(**changes)
    return views


def _add_to_today(model: Any, views: int, **fields: Any) -> None:
    day, _created = model.objects.get_or_create(day=Company.current().today, **fields)
    model.objects.filter(pk=day.pk).update(views=F("views") + views)


def recount_total_views() -> None:
    """Add up the stored views of each day, after `DailyViews` was written by other means."""
    days = DailyViews.objects.order_by().values_list("day").annotate(Sum("views"))
    with transaction.atomic():
        TotalViews.objects.all().delete()
        TotalViews.objects.bulk_create(TotalViews(day=day, views=views) for day, views in days)


def update_most_read() -> None:
    """Store the articles with the most views in the last week."""
    most_viewed = DailyViews.objects.most_viewed(MOST_READ_DAYS, MAX_MOST_READ)
    rows = [MostRead(article_id=pk, views=views) for pk, views in most_viewed]
    with transaction.atomic():
        MostRead.objects.all().delete()
        MostRead.objects.bulk_create(rows)


def delete_old_daily_views() -> int:
    """Delete the days before the retention period; returns the number of rows."""
    oldest = Company.current().today - RETENTION
    TotalViews.objects.filter(day__lt=oldest).delete()
    deleted, _by_model = DailyViews.objects.filter(day__lt=oldest).delete()
    return deleted
