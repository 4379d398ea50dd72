"""The readings of a day."""

from datetime import date, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(days=400)  # so that a month can be compared with the same one a year before
BATCH = 500


class DailyViewsQuerySet(models.QuerySet["DailyViews"]):
    def since(self, days: int) -> "DailyViewsQuerySet":
        """The last `days` days, today among them."""
        return self.filter(day__gt=timezone.localdate() - timedelta(days=days))

    def by_day(self, days: int) -> list[tuple[date, int]]:
        """Each of the last `days` days, the oldest first, with all its readings."""
        sums = self.since(days).order_by().values_list("day").annotate(models.Sum("views"))
        views = dict(sums)
        today = timezone.localdate()
        all_days = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
        return [(day, views.get(day, 0)) for day in all_days]

    def most_read(self, days: int, most: int = 5) -> list[tuple[int, int]]:
        """The ids of the articles that were read most in the last `days` days, with how often."""
        sums = self.since(days).order_by().values_list("article_id")
        return list(sums.annotate(sum=models.Sum("views")).order_by("-sum", "-article_id")[:most])

    def record(self) -> int:
        """Book what was read since the last time under today; returns how many articles it was.

        An article counts its readings itself, in one statement; here, beside the requests, the
        difference to what is booked already goes to its day. Nothing is lost when it runs late.
        """
        article_model: Any = self.model._meta.get_field("article").related_model
        unbooked = article_model.objects.filter(views__gt=models.F("views_booked"))
        booked = 0
        while batch := list(unbooked.values_list("pk", flat=True)[:BATCH]):
            with transaction.atomic():
                rows = unbooked.select_for_update().filter(pk__in=batch).order_by("pk")
                for pk, views, before in list(rows.values_list("pk", "views", "views_booked")):
                    self._add(pk, views - before)
                    article_model.objects.filter(pk=pk).update(views_booked=views)
                    booked += 1
        return booked

    def _add(self, article_id: int, views: int) -> None:
        day, _ = self.get_or_create(article_id=article_id, day=timezone.localdate())
        self.filter(pk=day.pk).update(views=models.F("views") + views)

    def forget(self) -> int:
        """Delete the days that are no longer kept; returns how many rows it was."""
        deleted, _ = self.filter(day__lt=timezone.localdate() - KEPT).delete()
        return deleted


class DailyViews(models.Model):
    """How often an article was read on a day of the company's time zone."""

    article = models.ForeignKey(
        "news.Article", on_delete=models.CASCADE, related_name="daily_views"
    )
    day = models.DateField(_("day"))
    views = models.PositiveBigIntegerField(_("views"), default=0)

    objects = DailyViewsQuerySet.as_manager()

    class Meta:
        ordering = ["-day"]
        verbose_name = _("readings of a day")
        verbose_name_plural = _("readings by day")
        indexes = [models.Index(fields=["day", "article", "views"], name="daily_views_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["article", "day"], name="daily_views_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.views}"
