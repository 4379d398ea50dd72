"""Whether a contact can be reached now, as a sentence in the active language."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contacts.models import Contact


class AvailabilityState(Enum):
    """The values are CSS classes of templates/contacts/_availability.html."""

    IN_OFFICE = "in-office"
    OUT_OF_HOURS = "out-of-hours"
    AWAY = "away"


@dataclass(frozen=True)
class Availability:
    """The state of a contact, its description, and the substitute, if there is one."""

    state: AvailabilityState
    text: str
    substitute: Contact | None = None

    def __str__(self) -> str:
        return self.text


def describe_office_hours(now: datetime, opens: datetime) -> Availability:
    """The availability of a contact who is not away.

    `now` and `opens`, the next moment within office hours, are in the contact's time zone; they
    are equal within office hours.
    """
    if opens <= now:
        return Availability(AvailabilityState.IN_OFFICE, _("Available now"))
    time = f"{opens:%H:%M}"
    if opens.date() == now.date():
        moment = time
    elif opens - now < timedelta(days=6):
        moment = f"{date_format(opens, 'l')} {time}"
    else:
        moment = f"{_format_day(opens, now)} {time}"
    text = _("Outside working hours, back %(moment)s") % {"moment": moment}
    return Availability(AvailabilityState.OUT_OF_HOURS, text)


def describe_absence(now: datetime, until: date, substitute: Contact | None) -> Availability:
    """The availability of a contact who is away; `until` is the last day of the absence."""
    day = _format_day(until, now)
    if substitute:
        text = _("Out of office until %(day)s, substitute: %(name)s") % {
            "day": day,
            "name": substitute.name,
        }
    else:
        text = _("Out of office until %(day)s") % {"day": day}
    return Availability(AvailabilityState.AWAY, text, substitute)


def _format_day(day: date, now: datetime) -> str:
    """The day and month, with the year unless it is the current one."""
    return date_format(day, "MONTH_DAY_FORMAT" if day.year == now.year else "DATE_FORMAT")
