"""When the company is open, and when it is not."""

from django.db import models
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models.company import Company
from contacts.models.spans import Span


class WorkingHours(Span):
    """A stretch of a weekday, in the company's time zone. A lunch break makes two of them."""

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="working_hours", verbose_name=_("company")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=list(WEEKDAYS.items()))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    owner = ("company_id", "weekday")
    start, end = "opens", "closes"
    overlap_message = _("These hours overlap with others of the same day.")

    class Meta:
        ordering = ["weekday", "opens"]
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens__lt=models.F("closes")),
                name="working_hours_open_first",
                violation_error_message=_("Closing time must be later than opening time."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"

    def overlaps(self, other: "WorkingHours") -> bool:
        """Whether both hold some moment; one may open when the other closes."""
        return self.opens < other.closes and other.opens < self.closes


class Holiday(models.Model):
    """Days on which the company is closed, the last one included."""

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="holidays", verbose_name=_("company")
    )
    name = models.CharField(pgettext_lazy("of a holiday", "name"), max_length=100)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

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
