"""What the statistics count, by day."""

from typing import Any

from django.db import models


class DailyInquiries(models.Model):
    """Counts of the inquiries received on one day, without spam; longer periods add them up.

    Each field but the last is a list of pairs: a value and the number of inquiries with it. Values
    are sources, countries and primary keys of products, null for inquiries without one.
    """

    day = models.DateField(primary_key=True)
    # The company's time zone when the day was counted; in another one, other hours belong to it.
    time_zone = models.CharField(max_length=64)
    # Later events may have changed what was counted.
    last_event = models.BigIntegerField(default=0)

    source: Any = models.JSONField(default=list)
    country: Any = models.JSONField(default=list)
    product: Any = models.JSONField(default=list)
    # [primary key of the contact, time in tenths of an hour, number of inquiries]
    answer_times: Any = models.JSONField(default=list)
    # [primary key of the contact, "won" or "lost", number of inquiries]
    outcomes: Any = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "daily inquiries"

    def __str__(self) -> str:
        return str(self.day)
