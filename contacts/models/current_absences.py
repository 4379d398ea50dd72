"""The inactive contacts and the absences, which each process keeps until one of them changes."""

from datetime import UTC, date, timedelta
from typing import NamedTuple

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from core.page_cache.copies import ProcessCopy
from core.page_cache.versions import EVERY_PAGE


class KnownAbsence(NamedTuple):
    """A contact who is inactive or has an absence; without one, its fields are None.

    The absences of a contact do not overlap.
    """

    contact: int
    is_active: bool
    first_day: date | None
    last_day: date | None
    substitute: int | None

    def includes(self, day: date) -> bool:
        return bool(self.first_day and self.last_day and self.first_day <= day <= self.last_day)


def _read_absences() -> list[KnownAbsence]:
    """Who is inactive, or has an absence that is not over; in one query."""
    contacts = apps.get_model("contacts.Contact")._default_manager
    yesterday = timezone.localdate(timezone=UTC) - timedelta(days=1)  # today in any time zone
    rows = contacts.filter(Q(is_active=False) | Q(absences__last_day__gte=yesterday)).order_by()
    fields = [f"absences__{name}" for name in ("first_day", "last_day", "substitute")]
    return [KnownAbsence(*row) for row in rows.values_list("pk", "is_active", *fields)]


current_absences: ProcessCopy[list[KnownAbsence]] = ProcessCopy(_read_absences, EVERY_PAGE)
