"""By which clock a buyer lives."""

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

if TYPE_CHECKING:
    from inquiries.models.record import InquiryRecord

WEEKS = 53  # that two zones must agree in to count as one


@cache
def known_zones() -> frozenset[str]:
    """The names of the tz database."""
    return frozenset(available_timezones())


def zone_of(inquiry: "InquiryRecord") -> ZoneInfo | None:
    """The time zone of who asks: as their browser told it, else that of their country.

    None where neither is known, or the country has several.
    """
    if inquiry.time_zone in known_zones():
        return ZoneInfo(inquiry.time_zone)
    return _only_zone_of(inquiry.country.code or "", datetime.now(UTC).year)


@cache
def _only_zone_of(country: str, year: int) -> ZoneInfo | None:
    """The time zone of a country (ISO 3166-1 alpha-2); None where its clocks differ in `year`.

    Zones that differed only in the past, as Germany's two, count as one.
    """
    zones = [ZoneInfo(name) for name in _zones_by_country().get(country, [])]
    start = datetime(year, 1, 1, tzinfo=UTC)
    times = [start + timedelta(weeks=week) for week in range(WEEKS)]
    clocks = {tuple(time.astimezone(zone).utcoffset() for time in times) for zone in zones}
    return zones[0] if len(clocks) == 1 else None


@cache
def _zones_by_country() -> dict[str, list[str]]:
    """The zones of each country, as the tz database's `zone.tab` lists them."""
    zones: dict[str, list[str]] = {}
    text = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            country, _place, name = line.split("\t")[:3]
            zones.setdefault(country, []).append(name)
    return zones
