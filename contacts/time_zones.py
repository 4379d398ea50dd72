"""The time zones that forms offer, and their countries."""

import zoneinfo
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


def _is_place(name: str) -> bool:
    return "/" in name and not name.startswith(("Etc/", "SystemV/"))
