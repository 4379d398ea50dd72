"""When the company is open, and when it is closed."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models.company import Company
from core.page_cache.changes import ModelT, WatchedQuerySet
from core.page_cache.versions import EVERY_PAGE


class EveryPageQuerySet(WatchedQuerySet[ModelT]):
    """Rows that every page shows."""

    changed_tag = EVERY_PAGE


class WorkingHours(models.Model):
    """Opening hours on a weekday, in the company's time zone; two rows leave a lunch break."""

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="working_hours", verbose_name=_("company")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=list(WEEKDAYS.items()))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    objects = EveryPageQuerySet.as_manager()

    class Meta:
        ordering = ["weekday", "opens"]
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens__lt=models.F("closes")),
                name="working_hours_open_first",
                violation_error_message=_("Closing time must be later than opening time."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"

    def validate_unique(self, exclude: Collection[str] | None = None) -> None:
        """Raise ValidationError if other hours of the same weekday overlap with these."""
        super().validate_unique(exclude)
        if self.company_id is None or self.weekday is None:
            return
        others = WorkingHours.objects.filter(company_id=self.company_id, weekday=self.weekday)
        if any(self.overlaps(other) for other in others.exclude(pk=self.pk)):
            raise self.overlap_error()

    def overlaps(self, other: "WorkingHours") -> bool:
        """Whether both are complete, of the same weekday, and share more than a moment."""
        if None in (self.opens, self.closes, other.opens, other.closes):
            return False
        return (
            (self.company_id, self.weekday) == (other.company_id, other.weekday)
            and self.opens < other.closes
            and other.opens < self.closes
        )

    def overlap_error(self) -> ValidationError:
        return ValidationError(
            {"opens": _("These hours overlap with other hours on the same day.")}
        )


class Holiday(models.Model):
    """Days on which the company is closed, including the last one."""

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="holidays", verbose_name=_("company")
    )
    name = models.CharField(pgettext_lazy("of a holiday", "name"), max_length=100)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    objects = EveryPageQuerySet.as_manager()

    class Meta:
        ordering = ["first_day"]
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_day__lte=models.F("last_day")),
                name="holiday_begins_first",
                violation_error_message=_("The last day must not be before the first."),
            )
        ]

    def __str__(self) -> str:
        return self.name
