"""Gauges: numbers that are read when a monitor asks.

They are registered in each app's module `metrics`, as the regular work is in `schedule`.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from core.pagination import count_up_to

logger = logging.getLogger(__name__)

# Rows are counted up to here, which takes some milliseconds in an index: a million takes too long.
MAX_COUNT = 10_000

Values = Mapping[str, float]  # by the label; a gauge without one has the key ""
Read = Callable[[], float | Values | None]


@dataclass(frozen=True)
class Gauge:
    """A number, or one for each value of `label`."""

    name: str
    description: str
    label: str
    read: Read


gauges: list[Gauge] = []


def gauge(name: str, description: str, *, label: str = "") -> Callable[[Read], Read]:
    """Register a function that returns the number now, or the numbers by the values of `label`.

    It returns None if there is no number, and takes the same time however many rows there are.
    """

    def register(read: Read) -> Read:
        gauges.append(Gauge(f"tradepost_{name}", description, label, read))
        return read

    return register


def read_gauges() -> dict[str, Values]:
    """The values of all gauges by name; one that fails is logged and left out."""
    found: dict[str, Values] = {}
    for each in gauges:
        try:
            value = each.read()
        except Exception as error:  # a broken part must not break the report
            logger.warning("%s cannot be read.", each.name, exc_info=error)
            continue
        if value is not None:
            found[each.name] = value if isinstance(value, Mapping) else {"": value}
    return found


def count_rows(rows: QuerySet) -> int:
    """The number of rows, at most MAX_COUNT."""
    return count_up_to(MAX_COUNT, rows)[0]


def seconds_since(moment: datetime | None) -> float:
    """The time since `moment`; 0 for None."""
    return (timezone.now() - moment).total_seconds() if moment else 0.0
