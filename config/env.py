"""Read settings from the environment and refuse wrong values by the name of their variable."""

import os
import re
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

ON = {"1", "on", "true", "yes"}
OFF = {"0", "off", "false", "no"}
PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 24 * 3600}  # seconds

# The languages that a site can have. The interface is translated into the first six.
LANGUAGES = (
    "en", "zh-hans", "es", "fr", "ru", "ar",
    "zh-hant", "pt", "de", "it", "tr", "vi", "ja", "ko",
)  # fmt: skip

# The first parts of the paths of public pages, which hide what else has the same path.
PUBLIC_PATHS = {*LANGUAGES, "contacts", "healthz", "inquiry", "media", "metrics", "news",
                "products", "readyz", "search", "site-index", "static"}  # fmt: skip
MIN_KEY_LENGTH = 16  # characters

DATABASE_SCHEMES = {"sqlite", "postgres", "postgresql"}
CACHE_SCHEMES = {"locmemcache", "redis", "rediss", "unix"}
EMAIL_SCHEMES = {"smtp", "smtps", "smtp+tls", "smtp+ssl", "consolemail", "filemail", "dummymail"}

# A server that has vanished without closing its connections is noticed after seconds, not minutes.
KEEPALIVE_SECONDS, KEEPALIVE_COUNT = 2, 2
KEEPALIVES = {
    "keepalives": 1,
    "keepalives_idle": KEEPALIVE_SECONDS,
    "keepalives_interval": KEEPALIVE_SECONDS,
    "keepalives_count": KEEPALIVE_COUNT,
}
DATABASE_TIMEOUTS = KEEPALIVES | {"connect_timeout": 3, "tcp_user_timeout": 3000}  # s, ms


def load(path: Path) -> None:
    """Read the `NAME=value` lines of `path` if it exists; variables that are already set win."""
    if path.is_file():
        environ.Env.read_env(path)


def text(name: str, default: str = "") -> str:
    """A setting without surrounding space, or `default` if it is empty or not set."""
    return os.environ.get(name, "").strip() or default


def text_list(name: str, default: str = "") -> list[str]:
    """A list separated by commas: `a, b` gives `["a", "b"]`."""
    return [item for part in text(name, default).split(",") if (item := part.strip())]


def flag(name: str, default: bool) -> bool:
    """`on` or `off` (also 1/0, true/false, yes/no).

    Raises ImproperlyConfigured for any other value, so that a misspelt `off` does not mean `on`.
    """
    value = text(name, "on" if default else "off").lower()
    if value not in ON | OFF:
        raise ImproperlyConfigured(f"{name} must be `on` or `off`, not `{value}`.")
    return value in ON


def choice(name: str, default: str, choices: set[str]) -> str:
    """One of `choices`. Raises ImproperlyConfigured for anything else."""
    value = text(name, default)
    if value not in choices:
        known = " or ".join(f"`{each}`" for each in sorted(choices))
        raise ImproperlyConfigured(f"{name} must be {known}, not `{value}`.")
    return value


def number(name: str, default: int) -> int:
    """A whole number of zero or more. Raises ImproperlyConfigured for anything else."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not `{value}`.")
    return int(value)


def url(
    name: str, default: str, schemes: set[str], parse: Callable[[str], dict[str, Any]]
) -> dict[str, Any]:
    """A URL such as `redis://127.0.0.1/0`, parsed to a Django configuration by `parse`.

    Raises ImproperlyConfigured if the scheme is not one of `schemes` or the URL cannot be parsed.
    The message does not show the URL, because it may contain a password.
    """
    value = text(name, default)
    if _split(name, value).scheme not in schemes:
        prefixes = ", ".join(f"{scheme}://" for scheme in sorted(schemes))
        raise ImproperlyConfigured(f"{name} must be a URL that starts with one of {prefixes}.")
    try:
        return parse(value)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ImproperlyConfigured(f"{name} is not a valid URL.") from error


def database(name: str, default: str) -> dict[str, Any]:
    """Django's configuration for a database URL: `sqlite:///FILE` or `postgres://…`."""
    config = url(name, default, DATABASE_SCHEMES, environ.Env.db_url_config)
    options = config.setdefault("OPTIONS", {})
    if config["ENGINE"] == "django.db.backends.sqlite3":
        options |= {
            "transaction_mode": "IMMEDIATE",
            # Each thread keeps its connection, with a cache of half a megabyte.
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA cache_size = -512",
            "timeout": 20,  # seconds to wait for another writer
        }
        # Opening the file takes longer than the queries of a page.
        config["CONN_MAX_AGE"] = 60  # seconds
    else:
        config["ENGINE"] = "core.postgresql"
        # After 3 seconds without a free connection a request fails, so that an outage shows, and
        # the next one tries to connect at once: otherwise the pool waits longer after each failure.
        options["pool"] = {"min_size": 1, "max_size": 10, "timeout": 3, "reconnect_timeout": 3}
        options |= DATABASE_TIMEOUTS | options
        # A connection that was lost while it waited in the pool is noticed before a query.
        config["CONN_HEALTH_CHECKS"] = True
        # Prepared queries (core/prepared_queries.py) are planned once for each connection.
        options.setdefault("prepare_threshold", 5)
        # Just-in-time compilation takes longer than the searches themselves.
        options.setdefault("options", "-c jit=off")
    return config


def replica(name: str, main: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A read replica of the database `main`, by its alias; empty if there is none.

    Raises ImproperlyConfigured if `main` is a database of another kind.
    """
    if not text(name):
        return {}
    config = database(name, "")
    if config["ENGINE"] != main["ENGINE"]:
        raise ImproperlyConfigured(f"{name} must be a replica of the main database.")
    config["TEST"] = {"MIRROR": "default"}
    if "pool" in config["OPTIONS"]:
        config["OPTIONS"]["pool"]["timeout"] = 2  # seconds
    return {"replica": config}


def cache(name: str, default: str) -> dict[str, Any]:
    """Django's configuration for a cache URL: `locmemcache://` or `redis://…`."""
    return url(name, default, CACHE_SCHEMES, environ.Env.cache_url_config)


def email(name: str, default: str) -> dict[str, Any]:
    """Django's `EMAIL_…` settings for `smtp+tls://user:password@host:587` or `consolemail://`."""
    return url(name, default, EMAIL_SCHEMES, environ.Env.email_url_config)


def imap(name: str) -> str:
    """`imaps://user:password@host[:993]/FOLDER`, or `imap://…` without encryption; may be empty.

    Raises ImproperlyConfigured for another scheme, or if the user or the host is missing.
    """
    value = text(name)
    parts = _split(name, value)
    if value and not (parts.scheme in {"imap", "imaps"} and parts.hostname and parts.username):
        raise ImproperlyConfigured(
            f"{name} must be a URL such as imaps://USER:PASSWORD@mail.example.com/INBOX."
        )
    return value


def hash_list(name: str) -> str:
    """`https://host/range/`, `http://…` or `file:///srv/hashes.txt`; may be empty.

    Raises ImproperlyConfigured for another scheme, or without a host or a path.
    """
    value = text(name)
    parts = _split(name, value)
    wanted = parts.path if parts.scheme == "file" else parts.hostname
    if value and not (parts.scheme in {"http", "https", "file"} and wanted):
        raise ImproperlyConfigured(
            f"{name} must be a URL such as https://host/range/ or file:///srv/hashes.txt."
        )
    return value


def clamav(name: str) -> str:
    """`tcp://host[:3310]` or `unix:///run/clamav/clamd.ctl`; may be empty.

    Raises ImproperlyConfigured for another scheme, or without a host or a path.
    """
    value = text(name)
    parts = _split(name, value)
    wanted = {"tcp": parts.hostname, "unix": parts.path}.get(parts.scheme)
    if value and not wanted:
        raise ImproperlyConfigured(
            f"{name} must be a URL such as tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl."
        )
    return value


def email_address(name: str) -> str:
    """An e-mail address without a name, such as sales@example.com; may be empty."""
    value = text(name)
    if value:
        try:
            validate_email(value)
        except ValidationError as error:
            raise ImproperlyConfigured(
                f"{name} must be an e-mail address such as sales@example.com, not `{value}`."
            ) from error
    return value


def key(name: str) -> str:
    """A secret of at least MIN_KEY_LENGTH characters; may be empty."""
    value = text(name)
    if value and len(value) < MIN_KEY_LENGTH:
        raise ImproperlyConfigured(f"{name} must have at least {MIN_KEY_LENGTH} characters.")
    return value


def site_url(name: str, default: str) -> str:
    """A URL `http(s)://host[:port]`, returned without a slash at the end."""
    value = text(name, default).rstrip("/")
    parts = _split(name, value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
        raise ImproperlyConfigured(
            f"{name} must be the site's URL, such as https://www.example.com, not `{value}`."
        )
    return value


def path_segment(name: str, default: str) -> str:
    """One part of a URL's path: letters, digits and hyphens, not the name of a public page.

    Raises ImproperlyConfigured for anything else.
    """
    value = text(name, default)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", value) or value in PUBLIC_PATHS:
        raise ImproperlyConfigured(
            f"{name} must be letters, digits and hyphens, and no path of the site, not `{value}`."
        )
    return value


def time_zone(name: str, default: str) -> str:
    """The name of a time zone, such as `Asia/Shanghai`."""
    value = text(name, default)
    if value not in zoneinfo.available_timezones():
        raise ImproperlyConfigured(
            f"{name} must be a time zone such as Asia/Shanghai, not `{value}`."
        )
    return value


def rate(name: str, default: str) -> tuple[int, int]:
    """A rate such as `20/h`, as a number and a period in seconds: (20, 3600)."""
    value = text(name, default)
    count, _, period = value.partition("/")
    if not count.isdecimal() or period not in PERIODS:
        raise ImproperlyConfigured(
            f"{name} must be a rate such as 20/h (s, m, h or d), not `{value}`."
        )
    return int(count), PERIODS[period]


def storage(name: str) -> tuple[dict[str, Any], str]:
    """The storage for uploads, and the URL that they are served from.

    The default is the folder MEDIA_ROOT. `s3://key:secret@bucket` stores uploads in a bucket. Its
    query string may have `endpoint=https://…` for a service other than Amazon's, `region=…`, and
    `url=https://…/`, the URL that browsers fetch uploads from if it is not the service's. Key and
    secret may be omitted if the machine has an IAM role. Raises ImproperlyConfigured for another
    scheme or a missing bucket.
    """
    value = text(name)
    if not value:
        return {"BACKEND": "core.storage.WholeFileStorage"}, "/media/"
    options, query = _bucket(name, value)
    bucket, endpoint = options["bucket_name"], options["endpoint_url"]
    own = f"{endpoint.rstrip('/')}/{bucket}/" if endpoint else f"https://{bucket}.s3.amazonaws.com/"
    url = _split(name, query.get("url") or own)
    options["url_protocol"] = f"{url.scheme}:"
    options["custom_domain"] = f"{url.netloc}{url.path}".rstrip("/")
    return {"BACKEND": "core.buckets.BucketStorage", "OPTIONS": options}, url.geturl()


def private_storage(name: str, folder: Path, public: dict[str, Any]) -> dict[str, Any]:
    """The storage of files that are only sent after a check of permissions.

    The default is `folder`; `s3://key:secret@bucket`, as in `storage` but without `url=`, names a
    bucket. Raises ImproperlyConfigured for another scheme, a missing bucket, or the bucket of
    `public`, the storage for uploads.
    """
    value = text(name)
    if not value:
        return {
            "BACKEND": "core.storage.WholeFileStorage",
            "OPTIONS": {"location": folder, "file_permissions_mode": 0o600},
        }
    return {
        "BACKEND": "core.buckets.BucketStorage",
        "OPTIONS": _private_bucket(name, value, public),
    }


def backup_storage(name: str, folder: Path, public: dict[str, Any]) -> dict[str, Any]:
    """The storage of backups: a folder, or a bucket `s3://key:secret@bucket/FOLDER?…`.

    Raises ImproperlyConfigured for another scheme, a missing bucket, or the bucket of `public`,
    the storage for uploads.
    """
    value = text(name, str(folder))
    if "://" not in value:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": Path(value).absolute(), "file_permissions_mode": 0o600},
        }
    options = _private_bucket(name, value, public)
    options["location"] = urlsplit(value).path.strip("/")
    return {"BACKEND": "core.buckets.BucketStorage", "OPTIONS": options}


def is_inside(storage: dict[str, Any], folder: Path) -> bool:
    """Whether a storage is a folder within another."""
    location = storage.get("OPTIONS", {}).get("location")
    return isinstance(location, Path) and location.resolve().is_relative_to(folder.resolve())


def _private_bucket(name: str, value: str, public: dict[str, Any]) -> dict[str, Any]:
    """The options of a bucket without `url=`, which is not that of the storage `public`."""
    options, query = _bucket(name, value)
    uploads = public.get("OPTIONS", {})
    if "url" in query or all(
        options[each] == uploads.get(each) for each in ("bucket_name", "endpoint_url")
    ):
        raise ImproperlyConfigured(
            f"{name} must be a bucket of its own without `url=`, because nobody may read it."
        )
    return options


def _bucket(name: str, value: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The options of `s3://key:secret@bucket?…`, and its whole query string."""
    parts = _split(name, value)
    if parts.scheme != "s3" or not parts.hostname:
        raise ImproperlyConfigured(
            f"{name} must be a URL such as s3://ACCESS_KEY:SECRET_KEY@BUCKET."
        )
    query = dict(parse_qsl(parts.query))
    options = {
        "bucket_name": parts.hostname,
        "access_key": unquote(parts.username or "") or None,
        "secret_key": unquote(parts.password or "") or None,
        "endpoint_url": query.get("endpoint"),
        "region_name": query.get("region"),
    }
    return options, query


def _split(name: str, url: str) -> SplitResult:
    """The parts of a URL. Raises ImproperlyConfigured if it has none, or an invalid port."""
    try:
        parts = urlsplit(url)
        if parts.scheme != "sqlite":  # `sqlite://:memory:` has none
            _ = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not a valid URL.") from error
    return parts


def other_origins(url: str) -> list[str]:
    """The origin of a URL on another host, in a list; an empty list for a path of this site."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
