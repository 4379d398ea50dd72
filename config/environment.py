"""Read the settings from the environment; a wrong value is refused by name, never guessed at."""

import os
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

ON = {"1", "on", "true", "yes"}
OFF = {"0", "off", "false", "no"}
PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 24 * 3600}  # seconds

DATABASES = {"sqlite", "postgres", "postgresql"}
CACHES = {"locmemcache", "redis", "rediss", "unix"}
MAILERS = {"smtp", "smtps", "smtp+tls", "smtp+ssl", "consolemail", "filemail", "dummymail"}


def load(path: Path) -> None:
    """Take the `NAME=value` lines of `path`, where it exists; the real environment goes first."""
    if path.is_file():
        environ.Env.read_env(path)


def text(name: str, default: str = "") -> str:
    """The value without surrounding space; one that is set but empty counts as unset."""
    return os.environ.get(name, "").strip() or default


def words(name: str, default: str = "") -> list[str]:
    """A list written with commas: `a, b` gives `["a", "b"]`."""
    return [word for part in text(name, default).split(",") if (word := part.strip())]


def flag(name: str, default: bool) -> bool:
    """`on` or `off` (also 1/0, true/false, yes/no).

    Raises ImproperlyConfigured for any other word, since a misspelt `off` must not mean `on`.
    """
    value = text(name, "on" if default else "off").lower()
    if value not in ON | OFF:
        raise ImproperlyConfigured(f"{name} must be `on` or `off`, not `{value}`.")
    return value in ON


def number(name: str, default: int) -> int:
    """A whole number of zero or more; raises ImproperlyConfigured for anything else."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not `{value}`.")
    return int(value)


def url(
    name: str, default: str, schemes: set[str], parse: Callable[[str], dict[str, Any]]
) -> dict[str, Any]:
    """The Django configuration that `parse` makes of an address such as `redis://127.0.0.1/0`.

    Raises ImproperlyConfigured where the scheme is not one of `schemes` or the address cannot
    be read. The address itself is not repeated: it may hold a password.
    """
    value = text(name, default)
    if urlsplit(value).scheme not in schemes:
        known = ", ".join(f"{scheme}://" for scheme in sorted(schemes))
        raise ImproperlyConfigured(f"{name} must be an address that starts with one of {known}.")
    try:
        return parse(value)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ImproperlyConfigured(f"{name} is an address that cannot be read.") from error


def database(name: str, default: str) -> dict[str, Any]:
    """Django's configuration of the database at `sqlite:///FILE` or `postgres://…`."""
    return url(name, default, DATABASES, environ.Env.db_url_config)


def cache(name: str, default: str) -> dict[str, Any]:
    """Django's configuration of the cache at `locmemcache://` or `redis://…`."""
    return url(name, default, CACHES, environ.Env.cache_url_config)


def email(name: str, default: str) -> dict[str, Any]:
    """Django's `EMAIL_…` settings for `smtp+tls://user:password@host:587` or `consolemail://`."""
    return url(name, default, MAILERS, environ.Env.email_url_config)


def site_url(name: str, default: str) -> str:
    """An `http(s)://host[:port]` address without a path or closing slash."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
        raise ImproperlyConfigured(
            f"{name} must be the site's address, as https://www.example.com, not `{value}`."
        )
    return value


def time_zone(name: str, default: str) -> str:
    """A time zone of the tz database, as `Asia/Shanghai`."""
    value = text(name, default)
    if value not in zoneinfo.available_timezones():
        raise ImproperlyConfigured(f"{name} must be a time zone as Asia/Shanghai, not `{value}`.")
    return value


def rate(name: str, default: str) -> tuple[int, int]:
    """A number of times in a period, `20/h`, as (20, 3600): how many, in how many seconds."""
    value = text(name, default)
    count, _, period = value.partition("/")
    if not count.isdecimal() or period not in PERIODS:
        raise ImproperlyConfigured(f"{name} must be a rate as 20/h (s, m, h or d), not `{value}`.")
    return int(count), PERIODS[period]
