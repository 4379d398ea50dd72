"""The reply deadline as text, for buyers and for the staff, in the active language."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.models import Company
from contacts.office_hours import OfficeHours
from contacts.time_zones import utc_offset
from inquiries.models import Inquiry

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Deadline:
    """The time `at` (UTC) by which a reply was promised.

    `buyer_zone` is the buyer's time zone, None if unknown.
    """

    at: datetime
    office_hours: OfficeHours
    buyer_zone: ZoneInfo | None = None

    @classmethod
    def of(cls, inquiry: Inquiry, office_hours: OfficeHours | None = None) -> Self:
        """The deadline of an inquiry; a list passes the company's office hours, read once."""
        hours = office_hours or Company.current().office_hours
        return cls(inquiry.due_at, hours, inquiry.buyer_zone)

    @property
    def is_overdue(self) -> bool:
        return self.at < timezone.now()

    @property
    def promise(self) -> str:
        """The sentence for the buyer, in the buyer's time zone if known, else in the company's."""
        if self.buyer_zone is None:
            return _("We reply by %(moment)s.") % {"moment": self.in_company_time}
        zone = self.buyer_zone
        values = {
            "moment": moment_text(self.at, zone),
            "place": zone_city(zone) or utc_offset(zone, self.at),
        }
        return _("We reply by %(moment)s (your local time, %(place)s).") % values

    @property
    def in_company_time(self) -> str:
        """The deadline in the company's time zone, with the zone's name."""
        return self._at(self.office_hours.zone)

    @property
    def in_buyer_time(self) -> str:
        """The deadline in the buyer's time zone; empty if that is unknown."""
        zone = self.buyer_zone
        return self._at(zone) if zone else ""

    def _at(self, zone: ZoneInfo) -> str:
        values = {"moment": moment_text(self.at, zone), "zone": zone_name(zone, self.at)}
        return _("%(moment)s (%(zone)s)") % values

    @property
    def relative_time(self) -> str:
        """The working time left until the deadline, or the clock time since then."""
        now = timezone.now()
        if self.at < now:
            return _("%(time)s overdue") % {"time": timesince(self.at, now, depth=1)}
        working = self.office_hours.between(now, self.at) or self.at - now
        if working < HOUR:
            left = -(-working // MINUTE)  # rounded up, so that it is never 0
            text = ngettext("in %(count)d working minute", "in %(count)d working minutes", left)
        else:
            left = working // HOUR
            text = ngettext("in %(count)d working hour", "in %(count)d working hours", left)
        return text % {"count": left}


def moment_text(at: datetime, zone: ZoneInfo) -> str:
    """Weekday, day and time in the active language."""
    local = at.astimezone(zone)
    values = {
        "weekday": date_format(local, "l"),
        "day": date_format(local, "MONTH_DAY_FORMAT"),
        "time": date_format(local, "H:i"),
    }
    return _("%(weekday)s, %(day)s, %(time)s") % values


def zone_name(zone: ZoneInfo, at: datetime) -> str:
    """The name of a time zone with its offset from UTC at that moment."""
    if city := zone_city(zone):
        return _("%(place)s time, %(offset)s") % {"place": city, "offset": utc_offset(zone, at)}
    return utc_offset(zone, at)


def zone_city(zone: ZoneInfo) -> str:
    """The city that a zone of the tz database is named after; empty for EST, Etc/GMT+3 and so on.

    The signs in names such as Etc/GMT+3 are inverted, since POSIX counts westwards.
    """
    if "/" not in zone.key or zone.key.startswith("Etc/"):
        return ""
    return zone.key.rpartition("/")[2].replace("_", " ")
