"""The time zones that forms offer."""

import zoneinfo
from functools import lru_cache


@lru_cache(maxsize=1)
def time_zone_choices() -> list[tuple[str, str]]:
    """Name and label of UTC and of each zone in the tz database that is named after a place."""
    names = sorted(name for name in zoneinfo.available_timezones() if _is_place(name))
    return [(name, name.replace("_", " ")) for name in ["UTC", *names]]


def _is_place(name: str) -> bool:
    return "/" in name and not name.startswith(("Etc/", "SystemV/"))
