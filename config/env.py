"""Read settings from the environment and refuse wrong values by name."""

import os
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

ON = {"1", "on", "true", "yes"}
OFF = {"0", "off", "false", "no"}
PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 24 * 3600}  # seconds

SHORTEST_KEY = 16  # characters

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


def imap(name: str) -> str:
    """`imaps://user:password@host[:993]/FOLDER`, or `imap://…` without encryption; may be empty.

    Raises ImproperlyConfigured for another scheme, or where the user or the host is missing.
    """
    value = text(name)
    parts = urlsplit(value)
    if value and not (parts.scheme in {"imap", "imaps"} and parts.hostname and parts.username):
        raise ImproperlyConfigured(f"{name} must be as imaps://user:password@host/INBOX.")
    return value


def mail_address(name: str) -> str:
    """A bare address, as sales@example.com; may be empty."""
    value = text(name)
    if value:
        try:
            validate_email(value)
        except ValidationError as error:
            raise ImproperlyConfigured(
                f"{name} must be an address as sales@example.com, not `{value}`."
            ) from error
    return value


def key(name: str) -> str:
    """A secret of at least sixteen characters; may be empty. It is not repeated in the error."""
    value = text(name)
    if value and len(value) < SHORTEST_KEY:
        raise ImproperlyConfigured(f"{name} must have at least {SHORTEST_KEY} characters.")
    return value


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


def storage(name: str) -> tuple[dict[str, Any], str]:
    """Where uploads are kept, and the address they are served from.

    Unset, that is the folder MEDIA_ROOT. `s3://key:secret@bucket` keeps them in a bucket, with
    `?endpoint=https://…` for a service other than Amazon's, `region=…`, and `url=https://…/` for
    the address that browsers fetch from. Key and secret may be left to the machine's own role.
    """
    value = text(name)
    if not value:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "/media/"
    parts = urlsplit(value)
    if parts.scheme != "s3" or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must be an address as s3://key:secret@bucket.")
    query = dict(parse_qsl(parts.query))
    address = query.get("url") or f"https://{parts.hostname}.s3.amazonaws.com/"
    options = {
        "bucket_name": parts.hostname,
        "access_key": unquote(parts.username or "") or None,
        "secret_key": unquote(parts.password or "") or None,
        "endpoint_url": query.get("endpoint"),
        "region_name": query.get("region"),
        "custom_domain": address.split("://", 1)[-1].rstrip("/"),
        "querystring_auth": False,
        "file_overwrite": False,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}, address


def hosts_of(address: str) -> list[str]:
    """The origin of an address on another host, as a list for a security policy; else nothing."""
    parts = urlsplit(address)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


def start_sentry(name: str, dsn: str) -> None:
    """Report errors to the Sentry server at `dsn`, without what visitors typed or their address."""
    import sentry_sdk

    try:
        sentry_sdk.init(dsn, max_request_body_size="never")
    except sentry_sdk.utils.BadDsn as error:
        raise ImproperlyConfigured(f"{name} must be the address that Sentry gave.") from error
