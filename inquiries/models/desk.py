"""How the company handles what is asked."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from solo.models import SingletonModel

from contacts.models import Company


class Desk(SingletonModel):
    """The company's promises and habits; one row. Hours are working hours of the company."""

    first_answer_hours = models.PositiveSmallIntegerField(
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
    shares_out = models.BooleanField(
        _("share out what no rule assigns"),
        default=False,
        help_text=_("Goes to whoever is there and has the fewest open inquiries."),
    )
    sends_digest = models.BooleanField(
        _("daily digest"),
        default=True,
        help_text=_("Each morning: what is open and what is late, to contacts and managers."),
    )
    # The company's day for which the digest went out, so that it goes out once.
    digest_sent_on = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("how inquiries are handled")
        verbose_name_plural = _("how inquiries are handled")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def clean(self) -> None:
        if self.reminder_hours and self.reminder_hours >= (self.first_answer_hours or 0):
            message = _("A reminder so early would come with the inquiry itself.")
            raise ValidationError({"reminder_hours": message})

    @property
    def first_answer_within(self) -> timedelta:
        """The working time in which a buyer gets the first answer."""
        return timedelta(hours=self.first_answer_hours)

    @property
    def reminder_before(self) -> timedelta:
        """The working time before the deadline at which the contact is reminded."""
        return timedelta(hours=self.reminder_hours)

    def first_answer_due(self, since: datetime) -> datetime:
        """By when what came at `since` gets its first answer; aware, in UTC."""
        return Company.get_solo().office_hours.add(since, self.first_answer_within)

    @classmethod
    def claim_digest(cls, day: date) -> bool:
        """Whether the digest of `day` is still to be sent, and by whoever asks; true once a day."""
        desk = cls.objects.filter(sends_digest=True).exclude(digest_sent_on__gte=day)
        return bool(desk.update(digest_sent_on=day))
