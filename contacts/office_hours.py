"""Office hours, and time counted within them; no database is involved."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

Opening = tuple[time, time]
Week = tuple[tuple[Opening, ...], ...]

DEFAULT_DAY: tuple[Opening, ...] = ((time(9), time(17)),)
DEFAULT_WEEK: Week = (*[DEFAULT_DAY] * 5, (), ())
DAY = timedelta(days=1)
MAX_CLOSED_DAYS = 400


@dataclass(frozen=True)
class OfficeHours:
    """Opening hours by weekday, Monday first, in `zone`, except on `holidays`.

    A holiday is its first and its last day. Moments are aware; those that are returned are in UTC.
    An hour that a clock change skips or repeats counts as it passes: if clocks go forward during
    opening hours, that day is an hour shorter.

    If nothing opens within `MAX_CLOSED_DAYS` days, the time is counted around the clock instead,
    so that every deadline has a date.
    """

    zone: ZoneInfo
    week: Week = DEFAULT_WEEK
    holidays: tuple[tuple[date, date], ...] = ()

    def is_open(self, at: datetime) -> bool:
        """Whether the company is open at this moment; at closing time it is not."""
        return any(opens <= at < closes for opens, closes in self._openings(self._day(at)))

    def next_opening(self, at: datetime) -> datetime:
        """The first moment from `at` on at which the company is open, possibly `at` itself."""
        for opens, closes in self._openings_after(at):
            if at < closes:
                return max(at, opens).astimezone(UTC)
        return at.astimezone(UTC)

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The first moment at which `working` of opening hours have passed since `start`."""
        at, left = start.astimezone(UTC), working
        if not left:
            return at
        for opens, closes in self._openings_after(start):
            at = max(at, opens)
            if left <= closes - at:
                return at + left
            left -= max(closes - at, timedelta())
            at = max(at, closes)
        return at + left

    def subtract(self, end: datetime, working: timedelta) -> datetime:
        """The last moment from which `working` of opening hours remain until `end`."""
        at, left = end.astimezone(UTC), working
        if not left:
            return at
        for opens, closes in self._openings_before(end):
            at = min(at, closes)
            if left <= at - opens:
                return at - left
            left -= max(at - opens, timedelta())
            at = min(at, opens)
        return at - left

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The opening time between two moments; negative if `end` is before `start`."""
        if end < start:
            return -self.between(end, start)
        days = (self._day(end) - self._day(start)).days
        openings = (
            opening
            for n in range(days + 1)
            for opening in self._openings(self._day(start) + n * DAY)
        )
        parts = (min(closes, end) - max(opens, start) for opens, closes in openings)
        return sum((part for part in parts if part > timedelta()), timedelta())

    def _openings_after(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        first = self._day(at)
        return self._until_closed(self._openings(first + n * DAY) for n in count())

    def _openings_before(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        last = self._day(at)
        return self._until_closed(self._openings(last - n * DAY)[::-1] for n in count())

    @staticmethod
    def _until_closed(
        days: Iterable[list[tuple[datetime, datetime]]],
    ) -> Iterator[tuple[datetime, datetime]]:
        closed = 0
        for openings in days:
            closed = 0 if openings else closed + 1
            if closed > MAX_CLOSED_DAYS:
                return
            yield from openings

    def _openings(self, day: date) -> list[tuple[datetime, datetime]]:
        """The opening hours of `day` in UTC, in order."""
        if any(first <= day <= last for first, last in self.holidays):
            return []
        openings: list[tuple[datetime, datetime]] = []
        for span in self.week[day.weekday()]:
            opens, closes = (
                datetime.combine(day, moment, self.zone).astimezone(UTC) for moment in span
            )
            if openings:  # a time that a clock change skips is an hour later
                opens = max(opens, openings[-1][1])
            if opens < closes:
                openings.append((opens, closes))
        return openings

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()
