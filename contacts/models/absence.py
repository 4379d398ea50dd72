"""When contacts are away, and who answers for them."""

from collections.abc import Collection
from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.page_cache.changes import WatchedQuerySet
from core.page_cache.versions import EVERY_PAGE


class AbsenceQuerySet(WatchedQuerySet["Absence"]):
    changed_tag = EVERY_PAGE

    def on(self, day: date) -> Self:
        """The absences that include `day`."""
        return self.filter(first_day__lte=day, last_day__gte=day)


class Absence(models.Model):
    """Days on which a contact is away, in the company's time zone, including the last one.

    Nothing is reassigned when an absence begins or ends: who answers is derived from these rows,
    so the contact is responsible again as soon as it is over.
    """

    contact = models.ForeignKey(
        "contacts.Contact", models.CASCADE, related_name="absences", verbose_name=_("contact")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    substitute = models.ForeignKey(
        "contacts.Contact",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="substitutes_in",
        verbose_name=_("substitute"),
        help_text=_(
            "Replies to inquiries during the absence. If empty, managers are "
            "asked to reassign them."
        ),
    )

    objects = AbsenceQuerySet.as_manager()

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
            raise ValidationError({"substitute": _("A contact cannot be their own substitute.")})
        super().clean()

    def validate_unique(self, exclude: Collection[str] | None = None) -> None:
        """Raise ValidationError if another absence of the contact overlaps with this one."""
        super().validate_unique(exclude)
        if self.contact_id is None:
            return
        others = Absence.objects.filter(contact_id=self.contact_id).exclude(pk=self.pk)
        if any(self.overlaps(other) for other in others):
            raise self.overlap_error()

    def overlaps(self, other: "Absence") -> bool:
        """Whether both are complete, of the same contact, and share a day."""
        if None in (self.first_day, self.last_day, other.first_day, other.last_day):
            return False
        return (
            self.contact_id == other.contact_id
            and self.first_day <= other.last_day
            and other.first_day <= self.last_day
        )

    def overlap_error(self) -> ValidationError:
        return ValidationError({"first_day": _("This absence overlaps with another one.")})
