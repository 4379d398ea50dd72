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
    """How things stand `now`, where the contact is; `opens` is `now` within office hours."""

    now: datetime
    opens: datetime
    away_until: date | None = None
    stand_in: "Contact | None" = None

    @property
    def state(self) -> State:
        if self.away_until:
            return State.AWAY
        return State.HERE if self.opens <= self.now else State.CLOSED

    def __str__(self) -> str:
        if self.away_until:
            day = _day(self.away_until, self.now.date())
            if self.stand_in:
                names = {"day": day, "name": self.stand_in.name}
                return _("away until %(day)s, %(name)s answers") % names
            return _("away until %(day)s") % {"day": day}
        if self.opens <= self.now:
            return _("here now")
        return _("out of office hours, back %(moment)s") % {"moment": self._back}

    @property
    def _back(self) -> str:
        time = self.opens.strftime("%H:%M")
        if self.opens.date() == self.now.date():
            return time
        if self.opens - self.now < timedelta(days=6):
            return f"{date_format(self.opens, 'l')} {time}"
        return f"{_day(self.opens.date(), self.now.date())} {time}"


def _day(day: date, today: date) -> str:
    """A day as people write it, with the year unless it is this one."""
    return date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT")
