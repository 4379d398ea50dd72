"""Numbers and addresses grow old: whoever looks them over says when."""

from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

YEAR = timedelta(days=365)


class Checked(models.Model):
    """A card whose numbers and addresses are looked over once a year."""

    checked_on = models.DateField(_("numbers checked on"), null=True, editable=False)

    class Meta:
        abstract = True

    def mark_checked(self, day: date) -> None:
        self.checked_on = day
        self.save(update_fields=["checked_on"])

    def is_due(self, day: date) -> bool:
        """Whether, on `day`, a year has passed since the last look, or there was none."""
        return self.checked_on is None or day - self.checked_on >= YEAR
