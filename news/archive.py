"""The months of the archive."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.urls import reverse
from django.utils import timezone


@dataclass(frozen=True)
class Month:
    """A calendar month in the company's time zone.

    Raises ValueError for a month that does not exist.
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        # Raises ValueError for a month out of range, and for the last month that Python can hold.
        try:
            _ = self.start, self.end
        except OverflowError as error:  # more digits than a C integer has
            raise ValueError("no such month") from error

    @classmethod
    def of(cls, moment: datetime) -> Self:
        local = timezone.localtime(moment)
        return cls(local.year, local.month)

    @property
    def start(self) -> datetime:
        return timezone.make_aware(datetime(self.year, self.month, 1))

    @property
    def end(self) -> datetime:
        """The first moment of the next month."""
        years, month = divmod(self.month, 12)
        return timezone.make_aware(datetime(self.year + years, month + 1, 1))

    def get_absolute_url(self) -> str:
        return reverse("news:month", args=[self.year, self.month])
