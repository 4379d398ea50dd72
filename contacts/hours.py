"""When the company is open, and reckoning with its hours: no database but in `of_company`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

Opening = tuple[time, time]
Week = tuple[tuple[Opening, ...], ...]

USUAL_DAY: tuple[Opening, ...] = ((time(9), time(17)),)
USUAL_WEEK: Week = (*[USUAL_DAY] * 5, (), ())
DAY = timedelta(days=1)
LONGEST_CLOSED = 400  # days; whoever is closed for longer has no hours to reckon with


@dataclass(frozen=True)
class OfficeHours:
    """Opening hours by weekday, Monday first, in `zone`, but for `holidays`.

    A holiday is its first and its last day. Moments come in aware, in any zone, and go out in
    UTC. An hour that a change of the clock leaves out or repeats is counted as it passes: where
    clocks go forward over an opening hour, that day has an hour less.

    Where nothing opens within `LONGEST_CLOSED` days, time is counted by the clock instead, so
    that a deadline always is a date.
    """

    zone: ZoneInfo
    week: Week = USUAL_WEEK
    holidays: tuple[tuple[date, date], ...] = ()

    @classmethod
    def of_company(cls) -> "OfficeHours":
        """The hours of the site's company, in three queries."""
        from contacts.models import Company  # whose module reckons with this one

        return Company.get_solo().office_hours

    def is_open(self, at: datetime) -> bool:
        """Whether `at` falls into an opening hour; the moment of closing does not."""
        return any(opens <= at < closes for opens, closes in self._openings(self._day(at)))

    def next_opening(self, at: datetime) -> datetime:
        """The first moment from `at` on that is open: `at` itself within opening hours."""
        for opens, closes in self._from(at):
            if at < closes:
                return max(at, opens).astimezone(UTC)
        return at.astimezone(UTC)

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The first moment by which `working` of opening hours have passed since `start`."""
        at, left = start.astimezone(UTC), working
        if not left:
            return at
        for opens, closes in self._from(start):
            at = max(at, opens)
            if left <= closes - at:
                return at + left
            left -= max(closes - at, timedelta())
            at = max(at, closes)
        return at + left

    def subtract(self, end: datetime, working: timedelta) -> datetime:
        """The last moment from which `working` of opening hours pass until `end`."""
        at, left = end.astimezone(UTC), working
        if not left:
            return at
        for opens, closes in self._back_from(end):
            at = min(at, closes)
            if left <= at - opens:
                return at - left
            left -= max(at - opens, timedelta())
            at = min(at, opens)
        return at - left

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much opening time passes from `start` to `end`; negative where `end` comes first."""
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

    def _from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        first = self._day(at)
        return self._until_closed(self._openings(first + n * DAY) for n in count())

    def _back_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        last = self._day(at)
        return self._until_closed(self._openings(last - n * DAY)[::-1] for n in count())

    @staticmethod
    def _until_closed(
        days: Iterable[list[tuple[datetime, datetime]]],
    ) -> Iterator[tuple[datetime, datetime]]:
        closed = 0
        for openings in days:
            closed = 0 if openings else closed + 1
            if closed > LONGEST_CLOSED:
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
            if openings:  # a time that the clock leaves out is read as an hour later
                opens = max(opens, openings[-1][1])
            if opens < closes:
                openings.append((opens, closes))
        return openings

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()
