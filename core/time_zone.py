"""The name of the time zone in which a page shows and reads times."""

from django.utils import timezone
from django.utils.functional import lazy


def time_zone_name() -> str:
    """The name of the active time zone, such as `Asia/Shanghai`."""
    return str(timezone.get_current_timezone_name())


def _with_time_zone(label: object) -> str:
    return f"{label} ({time_zone_name()})"


with_time_zone = lazy(_with_time_zone, str)
"""A label followed by the active time zone, such as `received (Asia/Shanghai)`."""
