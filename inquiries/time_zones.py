"""Buyers' time zones."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from contacts.time_zones import zones_by_country

WEEKS = 53  # over which the offsets of two zones are compared


@cache
def known_zones() -> frozenset[str]:
    """The names of the tz database."""
    return frozenset(available_timezones())


def buyer_time_zone(reported: str, country: str) -> ZoneInfo | None:
    """The time zone that the browser reported, else that of the country (ISO 3166-1 alpha-2).

    None if neither is known, or the country has several.
    """
    if reported in known_zones():
        return ZoneInfo(reported)
    return _only_zone_of(country, datetime.now(UTC).year)


@cache
def _only_zone_of(country: str, year: int) -> ZoneInfo | None:
    """The time zone of a country; None if it has several in `year`.

    Zones that differed only in the past, such as Germany's two, count as one.
    """
    zones = [ZoneInfo(name) for name in zones_by_country().get(country, [])]
    start = datetime(year, 1, 1, tzinfo=UTC)
    times = [start + timedelta(weeks=week) for week in range(WEEKS)]
    clocks = {tuple(time.astimezone(zone).utcoffset() for time in times) for zone in zones}
    return zones[0] if len(clocks) == 1 else None
