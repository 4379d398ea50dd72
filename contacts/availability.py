"""Whether a contact can be reached now, in words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from contacts.models import Contact


class State(Enum):
    HERE = "here"
    CLOSED = "closed"
    AWAY = "away"


@dataclass(frozen=True)
class Availability:
    """How things stand, said in the language that was active when it was asked for."""

    state: State
    text: str
    stand_in: "Contact | None" = None

    def __str__(self) -> str:
        return self.text


def at_work(now: datetime, opens: datetime) -> Availability:
    """One who is there, by the contact's clock; `opens` is `now` within office hours."""
    if opens <= now:
        return Availability(State.HERE, _("Here now"))
    time = f"{opens:%H:%M}"
    if opens.date() == now.date():
        moment = time
    elif opens - now < timedelta(days=6):
        moment = f"{date_format(opens, 'l')} {time}"
    else:
        moment = f"{_day(opens, now)} {time}"
    return Availability(
        State.CLOSED, _("Out of office hours, back %(moment)s") % {"moment": moment}
    )


def away(now: datetime, until: date, stand_in: "Contact | None") -> Availability:
    """One who is away; `until` is the last day of it."""
    day = _day(until, now)
    if stand_in:
        text = _("Away until %(day)s, %(name)s answers") % {"day": day, "name": stand_in.name}
    else:
        text = _("Away until %(day)s") % {"day": day}
    return Availability(State.AWAY, text, stand_in)


def _day(day: date, now: datetime) -> str:
    """A day as people write it, with the year unless it is this one."""
    return date_format(day, "MONTH_DAY_FORMAT" if day.year == now.year else "DATE_FORMAT")
