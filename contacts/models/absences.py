"""When contacts are away, and who answers for them."""

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.contacts import Contact
from contacts.models.spans import Span


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> Self:
        """Those that hold `day`."""
        return self.filter(first_day__lte=day, last_day__gte=day)


class Absence(Span):
    """Days on which a contact is not there, the last one included, in the company's time zone.

    Nothing is moved when it begins or ends: who answers is worked out from these rows, so what
    belongs to the contact is theirs again by itself.
    """

    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="absences", verbose_name=_("contact")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    substitute = models.ForeignKey(
        Contact,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="substitutes_in",
        verbose_name=_("substitute"),
        help_text=_("Answers meanwhile. Without one, the managers are asked to assign anew."),
    )

    objects = AbsenceQuerySet.as_manager()

    owner = ("contact_id",)
    start, end = "first_day", "last_day"
    overlap_message = _("This absence overlaps with another one.")

    class Meta:
        ordering = ["first_day"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        indexes = [models.Index(fields=["last_day"], name="absence_last_day")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_day__lte=models.F("last_day")),
                name="absence_begins_first",
                violation_error_message=_("The last day must not be before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact}: {self.first_day} – {self.last_day}"

    def clean(self) -> None:
        if self.substitute_id and self.substitute_id == self.contact_id:
            raise ValidationError({"substitute": _("Nobody can stand in for themselves.")})
        super().clean()

    def overlaps(self, other: "Absence") -> bool:
        """Whether both hold some day."""
        return self.first_day <= other.last_day and other.first_day <= self.last_day
