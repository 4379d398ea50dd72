"""Settings for handling inquiries."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from solo.models import SingletonModel

from contacts.models import Company
from core.page_cache.changes import WatchedQuerySet
from core.page_cache.copies import ProcessCopy
from core.page_cache.versions import EVERY_PAGE


class InquirySettingsQuerySet(WatchedQuerySet["InquirySettings"]):
    changed_tag = EVERY_PAGE
    ignored_fields = frozenset({"digest_sent_on", "failures_reported_until"})


class InquirySettings(SingletonModel):
    """The company's settings for inquiries; a single row. Hours are the company's working hours."""

    reply_hours = models.PositiveSmallIntegerField(
        _("first reply within"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(400)],
        help_text=_("In working hours. Buyers are shown the resulting deadline."),
    )
    reminder_hours = models.PositiveSmallIntegerField(
        _("remind the assignee"),
        default=2,
        validators=[MaxValueValidator(400)],
        help_text=_("Working hours before the first reply is due. Enter 0 for no reminder."),
    )
    assigns_to_least_busy = models.BooleanField(
        _("assign automatically if no rule matches"),
        default=False,
        help_text=_("Assigns the inquiry to the available contact with the fewest open inquiries."),
    )
    sends_digest = models.BooleanField(
        _("daily digest"),
        default=True,
        help_text=_("Sent every morning to contacts and managers: open and overdue inquiries."),
    )
    # The day of the last digest in the company's time zone, so that it is sent once a day.
    digest_sent_on = models.DateField(null=True, editable=False)
    # E-mails to the staff that failed until then are reported.
    failures_reported_until = models.DateTimeField(null=True, editable=False)

    objects = InquirySettingsQuerySet.as_manager()

    class Meta:
        verbose_name = _("inquiry settings")
        verbose_name_plural = _("inquiry settings")

    @classmethod
    def current(cls) -> "InquirySettings":
        """The settings as they are now, apart from the day of the digest.

        All that read them share them; `get_solo` reads them for a change.
        """
        return current_inquiry_settings.get()

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def clean(self) -> None:
        if self.reminder_hours and self.reminder_hours >= (self.reply_hours or 0):
            message = _(
                "Enter fewer hours than the first reply deadline. Otherwise the "
                "reminder would arrive together with the inquiry."
            )
            raise ValidationError({"reminder_hours": message})

    @property
    def reminder_time(self) -> timedelta:
        """The working time between the reminder and the deadline."""
        return timedelta(hours=self.reminder_hours)

    def reply_deadline(self, since: datetime) -> datetime:
        """The reply deadline for a message received at `since` (aware); aware, in UTC."""
        office_hours = Company.current().office_hours
        return office_hours.add(since, timedelta(hours=self.reply_hours))


current_inquiry_settings: ProcessCopy[InquirySettings] = ProcessCopy(
    InquirySettings.get_solo, EVERY_PAGE
)
