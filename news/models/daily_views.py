"""How often articles are viewed, by day. Only numbers, no visitor is recorded."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DailyViewsQuerySet(models.QuerySet["DailyViews"]):
    def in_last_days(self, days: int) -> "DailyViewsQuerySet":
        """The last `days` days, today included."""
        return self.filter(day__gt=timezone.localdate() - timedelta(days=days))

    def by_day(self, days: int) -> list[tuple[date, int]]:
        """The views on each of the last `days` days, the oldest day first."""
        rows = self.in_last_days(days).order_by().values_list("day")
        views = dict(rows.annotate(models.Sum("views")))
        today = timezone.localdate()
        all_days = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
        return [(day, views.get(day, 0)) for day in all_days]

    def most_viewed(self, days: int, limit: int = 5) -> list[tuple[int, int]]:
        """(article id, views) of the articles with the most views in the last `days` days."""
        rows = self.in_last_days(days).order_by().values_list("article_id")
        totals = rows.annotate(total=models.Sum("views"))
        return list(totals.order_by("-total", "-article_id")[:limit])


class DailyViews(models.Model):
    """The views of an article on one day of the company's time zone."""

    is_computed = True  # not listed where an article or an inquiry is deleted

    article = models.ForeignKey(
        "news.Article",
        on_delete=models.CASCADE,
        db_index=False,  # the constraint's index begins with it
        related_name="daily_views",
    )
    day = models.DateField(_("day"))
    views = models.PositiveBigIntegerField(_("views"), default=0)

    objects = DailyViewsQuerySet.as_manager()

    class Meta:
        ordering = ["-day"]
        verbose_name = _("daily views")
        verbose_name_plural = _("daily views")
        indexes = [models.Index(fields=["day", "article", "views"], name="daily_views_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["article", "day"], name="daily_views_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.views}"


class MostRead(models.Model):
    """The articles with the most views in the last week.

    The worker adds them up, since a page would take too long to.
    """

    is_computed = True  # not listed where an article or an inquiry is deleted

    article = models.OneToOneField(
        "news.Article", on_delete=models.CASCADE, primary_key=True, related_name="most_read"
    )
    views = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.article_id}: {self.views}"


class TotalViews(models.Model):
    """The views of all articles on one day, so that a chart need not add up those of each."""

    is_computed = True  # not listed where an article or an inquiry is deleted

    day = models.DateField(_("day"), primary_key=True)
    views = models.PositiveBigIntegerField(_("views"), default=0)

    objects: ClassVar[Any] = DailyViewsQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.day}: {self.views}"
