"""Settings for handling inquiries."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from solo.models import SingletonModel

from contacts.models import Company


class InquirySettings(SingletonModel):
    """How the company handles inquiries; one row. Hours are working hours of the company."""

    reply_hours = models.PositiveSmallIntegerField(
        _("first answer within"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(400)],
        help_text=_("Working hours. The buyer is told by when an answer comes."),
    )
    reminder_hours = models.PositiveSmallIntegerField(
        _("remind the contact"),
        default=2,
        validators=[MaxValueValidator(400)],
        help_text=_("Working hours before the first answer is due; 0 for no reminder."),
    )
    assigns_to_least_busy = models.BooleanField(
        _("share out what no rule assigns"),
        default=False,
        help_text=_("Goes to whoever is there and has the fewest open inquiries."),
    )
    sends_digest = models.BooleanField(
        _("daily digest"),
        default=True,
        help_text=_("Each morning: what is open and what is late, to contacts and managers."),
    )
    # The company's day of the last digest, so that it is sent once a day.
    digest_sent_on = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("how inquiries are handled")
        verbose_name_plural = _("how inquiries are handled")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def clean(self) -> None:
        if self.reminder_hours and self.reminder_hours >= (self.reply_hours or 0):
            message = _("A reminder so early would come with the inquiry itself.")
            raise ValidationError({"reminder_hours": message})

    @property
    def reminder_time(self) -> timedelta:
        """The working time between the reminder and the deadline."""
        return timedelta(hours=self.reminder_hours)

    def reply_deadline(self, since: datetime) -> datetime:
        """When a buyer who wrote at `since` (aware) gets a reply at the latest; aware, in UTC."""
        office_hours = Company.get_solo().office_hours
        return office_hours.add(since, timedelta(hours=self.reply_hours))
