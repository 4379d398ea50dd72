"""By when an inquiry is answered, in the words of whoever reads it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.office_hours import OfficeHours

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Deadline:
    """The moment `at`, in UTC, by which an answer was promised.

    `hours` are the company's; `buyers_zone` is the buyer's time zone, where it is known.
    """

    at: datetime
    hours: OfficeHours
    buyers_zone: ZoneInfo | None = None

    @property
    def is_late(self) -> bool:
        return self.at < timezone.now()

    @property
    def promise(self) -> str:
        """What the buyer is told, in their own time, else in the company's."""
        if self.buyers_zone is None:
            return _("We answer by %(moment)s.") % {"moment": self.for_staff}
        zone = self.buyers_zone
        values = {"moment": say(self.at, zone), "place": place(zone) or offset(zone, self.at)}
        return _("We answer by %(moment)s your time (%(place)s).") % values

    @property
    def for_staff(self) -> str:
        """The moment in the company's time zone, which is named."""
        return self._at(self.hours.zone)

    @property
    def at_buyers(self) -> str:
        """The same moment where the buyer is; empty where that is not known."""
        zone = self.buyers_zone
        return self._at(zone) if zone else ""

    def _at(self, zone: ZoneInfo) -> str:
        values = {"moment": say(self.at, zone), "zone": name(zone, self.at)}
        return _("%(moment)s (%(zone)s)") % values

    @property
    def distance(self) -> str:
        """How far off it is: in working time as long as it lies ahead, by the clock afterwards."""
        now = timezone.now()
        if self.at < now:
            return _("%(time)s late") % {"time": timesince(self.at, now, depth=1)}
        working = self.hours.between(now, self.at) or self.at - now
        if working < HOUR:
            left = -(-working // MINUTE)  # rounded up, so that none is never left
            text = ngettext("in %(count)d working minute", "in %(count)d working minutes", left)
        else:
            left = working // HOUR
            text = ngettext("in %(count)d working hour", "in %(count)d working hours", left)
        return text % {"count": left}


def say(at: datetime, zone: ZoneInfo) -> str:
    """A moment as it is written where the reader's language is spoken: weekday, day and time."""
    local = at.astimezone(zone)
    values = {
        "weekday": date_format(local, "l"),
        "day": date_format(local, "MONTH_DAY_FORMAT"),
        "time": date_format(local, "H:i"),
    }
    return _("%(weekday)s, %(day)s, %(time)s") % values


def name(zone: ZoneInfo, at: datetime) -> str:
    """What a time zone is called, with its distance from UTC at that moment."""
    if city := place(zone):
        return _("%(place)s time, %(offset)s") % {"place": city, "offset": offset(zone, at)}
    return offset(zone, at)


def place(zone: ZoneInfo) -> str:
    """The city that a zone of the tz database is named after; empty for EST, Etc/GMT+3 and so on.

    The signs in the latter names are the wrong way round: POSIX counts westwards.
    """
    if "/" not in zone.key or zone.key.startswith("Etc/"):
        return ""
    return zone.key.rpartition("/")[2].replace("_", " ")


def offset(zone: ZoneInfo, at: datetime) -> str:
    """The distance from UTC at that moment, as in UTC+8; UTC where there is none."""
    minutes = (at.astimezone(zone).utcoffset() or timedelta()) // MINUTE
    hours, minutes_past = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    sign = "+" if minutes > 0 else "−"
    return f"UTC{sign}{hours}:{minutes_past:02}" if minutes_past else f"UTC{sign}{hours}"
