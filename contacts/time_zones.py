"""The time zones that forms offer, their countries, and offsets from UTC."""

import zoneinfo
from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def time_zone_choices() -> list[tuple[str, str]]:
    """Name and label of UTC and of each zone in the tz database that is named after a place."""
    names = sorted(name for name in zoneinfo.available_timezones() if _is_place(name))
    return [(name, name.replace("_", " ")) for name in ["UTC", *names]]


@cache
def zones_by_country() -> dict[str, list[str]]:
    """The zones of each country (ISO 3166-1 alpha-2), from the tz database's `zone.tab`."""
    zones: dict[str, list[str]] = {}
    text = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            country, _place, name = line.split("\t")[:3]
            zones.setdefault(country, []).append(name)
    return zones


def country_of_zone(name: str) -> str:
    """The country of a time zone (ISO 3166-1 alpha-2); empty if it has none."""
    countries = (country for country, zones in zones_by_country().items() if name in zones)
    return next(countries, "")


def utc_offset(zone: zoneinfo.ZoneInfo, at: datetime) -> str:
    """The offset from UTC at that moment, such as UTC+8; UTC if it is zero."""
    minutes = (at.astimezone(zone).utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, minutes_past = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    sign = "+" if minutes > 0 else "−"
    return f"UTC{sign}{hours}:{minutes_past:02}" if minutes_past else f"UTC{sign}{hours}"


def _is_place(name: str) -> bool:
    return "/" in name and not name.startswith(("Etc/", "SystemV/"))
