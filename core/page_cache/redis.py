"""The versions of cache tags and the counts of views in Redis, where CACHE_URL is one.

Commands are prepared once for each page, which is then checked and its view counted in one round
trip.
"""

import hashlib
import logging
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Any, Literal

import hiredis
from django.conf import settings
from django.core.cache import DEFAULT_CACHE_ALIAS

VERSION_LIFETIME = 3600  # seconds; longer than that of a page, so that a lost version is harmless
RETRY_AFTER = 1.0  # seconds after a failure; until then the database is asked at once
TIMEOUT = 1.0  # seconds
MAX_IDLE = 16  # connections of a process

# Adds ARGV[2] (0 or 1) to the count if the sum of the versions is ARGV[1], and returns the count.
# Returns nothing if it is not, or if the count is missing.
# KEYS: the set of rows with new views, the count, the versions. ARGV[3]: the row, for the set.
COUNT_IF_CURRENT = """
local sum = 0
for i = 3, #KEYS do
    local version = redis.call('GET', KEYS[i])
    if not version then return false end
    sum = sum + tonumber(version)
end
if sum ~= tonumber(ARGV[1]) then return false end
local count = redis.call('GET', KEYS[2])
if not count then return false end
if ARGV[2] == '0' then return tonumber(count) end
redis.call('SADD', KEYS[1], ARGV[3])
return redis.call('INCR', KEYS[2])
"""
# Adds ARGV[2] (0 or 1) to the count, which is ARGV[1] if it is missing or smaller; returns it.
COUNT = """
local count = tonumber(redis.call('GET', KEYS[2]) or '-1')
if count < tonumber(ARGV[1]) then
    count = tonumber(ARGV[1])
    redis.call('SET', KEYS[2], ARGV[1])
end
if ARGV[2] == '0' then return count end
redis.call('SADD', KEYS[1], ARGV[3])
return redis.call('INCR', KEYS[2])
"""
# Removes rows from the set of rows with new views, except those viewed again: KEYS[2…] are counts,
# ARGV pairs of the row and the count that the database has.
FORGET = """
for i = 2, #KEYS do
    if redis.call('GET', KEYS[i]) == ARGV[2 * i - 2] then
        redis.call('SREM', KEYS[1], ARGV[2 * i - 3])
    end
end
"""

RUN_ID = re.compile(rb"run_id:(\w+)")

logger = logging.getLogger(__name__)


class UnavailableError(Exception):
    """There is no Redis, or it does not respond."""


def is_configured() -> bool:
    """Whether CACHE_URL is that of a Redis."""
    return bool(settings.CACHES[DEFAULT_CACHE_ALIAS]["BACKEND"].endswith(".RedisCache"))


def find_server_version() -> str:
    """The version of the Redis server. Raises UnavailableError."""
    if not is_configured():
        raise UnavailableError
    try:
        report = load_library().Redis(connection_pool=_pool(_location())).info("server")
    except (load_library().RedisError, OSError) as error:
        raise UnavailableError from error
    return str(report["redis_version"])


def read_versions(tags: Sequence[str]) -> dict[str, int]:
    """The version of each tag; a missing one is made. Raises UnavailableError."""
    keys = [_version_key(tag) for tag in tags]
    values = execute("MGET", *keys)
    for key, value in zip(keys, values, strict=True):
        if value is None:
            execute("SET", key, secrets.randbelow(2**40 - 1) + 1, "NX", "EX", VERSION_LIFETIME)
    if None in values:
        values = execute("MGET", *keys)
    if None in values:
        raise UnavailableError  # it has no room for versions
    return {tag: int(value) for tag, value in zip(tags, values, strict=True)}


def write_versions(versions: Mapping[str, int]) -> None:
    """Set new versions. Raises UnavailableError.

    It is tried even a moment after a failure: another process may use Redis again already.
    """
    for tag, version in versions.items():
        _send(_pack("SET", _version_key(tag), version, "EX", VERSION_LIFETIME), at_once=True)


class PreparedCheck:
    """Whether `tags` still have a version and, with a row, the count of its views."""

    def __init__(self, tags: Sequence[str], version: int, row: str | None) -> None:
        self.version, self.is_counted = version, row is not None
        keys = [_version_key(tag) for tag in tags]
        self._read_versions = _pack("MGET", *keys)
        if row is not None:
            keys = [_changed_key(), _count_key(row), *keys]
            self._scripts = [
                _pack_script(COUNT_IF_CURRENT, keys, version, views, row) for views in (0, 1)
            ]

    def run(self, views: Literal[0, 1]) -> int | None:
        """Add `views` and return the count, 0 without a row; None if the version has changed.

        Raises UnavailableError.
        """
        if self.is_counted:
            count: int | None = _run_script(self._scripts[views])
            return count
        values = _send(self._read_versions)
        if None in values or sum(map(int, values)) != self.version:
            return None
        return 0


def count(row: str, *, start: int, views: Literal[0, 1]) -> int:
    """Add `views` to the count of `row`, such as `news.article:5`, and return it.

    `start` is the part of the count that the database already has, in case Redis has lost it.
    Raises UnavailableError.
    """
    keys = [_changed_key(), _count_key(row)]
    return int(run_script(COUNT, keys, start, views, row))


def changed_counts(limit: int) -> dict[str, int]:
    """The counts of up to `limit` rows that the database may lack. Raises UnavailableError."""
    rows = [row.decode() for row in execute("SRANDMEMBER", _changed_key(), limit)]
    values = execute("MGET", *map(_count_key, rows)) if rows else []
    return {row: int(value or 0) for row, value in zip(rows, values, strict=True)}


def forget_changed(counts: Mapping[str, int]) -> None:
    """Note that the database has these counts. Raises UnavailableError."""
    keys = [_changed_key(), *map(_count_key, counts)]
    pairs = [text for row, number in counts.items() for text in (row, number)]
    run_script(FORGET, keys, *pairs)


def delete_count(row: str) -> None:
    """Forget the count of `row`. Raises UnavailableError."""
    execute("DEL", _count_key(row))
    execute("SREM", _changed_key(), row)


def execute(*command: str | int) -> Any:
    """Send a command and return its reply. Raises UnavailableError."""
    return _send(_pack(*command))


def run_script(source: str, keys: Sequence[str], *arguments: str | int) -> Any:
    """Run a Lua script, which Redis remembers, and return its reply. Raises UnavailableError."""
    return _run_script(_pack_script(source, keys, *arguments))


class _Process:
    """What the threads of this process share."""

    has_failed = False
    retry_at = 0.0
    server = b""  # the run of the Redis server that it knows


def may_retry() -> bool:
    """Whether Redis failed, but long enough ago to try it again."""
    return is_configured() and _Process.has_failed and time.monotonic() >= _Process.retry_at


def retry() -> None:
    """Use Redis again, until it fails again."""
    _Process.has_failed = False


_connections: list[Any] = []  # those that no thread uses now


def _send(command: bytes, *, at_once: bool = False) -> Any:
    if not is_configured() or (_Process.has_failed and not at_once):
        raise UnavailableError
    try:
        connection, is_new = _connections.pop(), False
    except IndexError:
        connection, is_new = _pool(_location()).make_connection(), True
    try:
        if is_new and _has_restarted(connection) and not at_once:
            _release(connection)
            raise UnavailableError
        connection.send_packed_command([command], check_health=False)
        reply = connection.read_response()
    except load_library().exceptions.NoScriptError:
        _release(connection)
        raise
    except (load_library().RedisError, OSError) as error:
        connection.disconnect()
        if not is_new and isinstance(error, load_library().exceptions.ConnectionError):
            # Redis or a firewall has closed it, and then probably the other idle ones too.
            _disconnect_idle()
            return _send(command, at_once=at_once)
        logger.warning("Redis is not responding, the database is used instead: %s", error)
        _Process.has_failed, _Process.retry_at = True, time.monotonic() + RETRY_AFTER
        raise UnavailableError from error
    _release(connection)
    return reply


def _has_restarted(connection: Any) -> bool:
    """Whether Redis has been started since this process used it, which counts as a failure.

    Others may have made changes meanwhile, of which Redis does not know.
    """
    connection.send_packed_command([_pack("INFO", "server")], check_health=False)
    try:
        found = RUN_ID.search(connection.read_response())
    except load_library().exceptions.ResponseError:  # a user without this permission
        return False
    known, _Process.server = _Process.server, found[1] if found else b""
    if not known or known == _Process.server:
        return False
    _Process.has_failed, _Process.retry_at = True, 0.0
    return True


def _disconnect_idle() -> None:
    with suppress(IndexError):
        while True:
            _connections.pop().disconnect()


def _release(connection: Any) -> None:
    if len(_connections) < MAX_IDLE:
        _connections.append(connection)
    else:
        connection.disconnect()


@cache
def _pool(location: str) -> Any:
    library = load_library()
    timeouts = {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT}
    once = library.retry.Retry(library.backoff.NoBackoff(), 0)
    return library.ConnectionPool.from_url(location, **timeouts, retry=once)


@cache
def load_library() -> Any:
    """The package `redis`, which takes 6 MB, only where Redis is used."""
    return import_module("redis")


def _location() -> str:
    location = settings.CACHES[DEFAULT_CACHE_ALIAS]["LOCATION"]
    return str(location if isinstance(location, str) else location[0])


def _pack(*command: str | int) -> bytes:
    parts: Any = command  # the stubs want a tuple of one
    packed: bytes = hiredis.pack_command(parts)
    return packed


def _pack_script(source: str, keys: Sequence[str], *arguments: str | int) -> tuple[bytes, bytes]:
    """The command that runs a script by its hash, and the one that sends it along."""
    digest = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()
    rest = (len(keys), *keys, *arguments)
    return _pack("EVALSHA", digest, *rest), _pack("EVAL", source, *rest)


def _run_script(script: tuple[bytes, bytes]) -> Any:
    by_hash, with_source = script
    try:
        return _send(by_hash)
    except UnavailableError:
        raise  # without importing the package for the next line
    except load_library().exceptions.NoScriptError:
        return _send(with_source)


def _key(name: str) -> str:
    prefix = settings.CACHES[DEFAULT_CACHE_ALIAS].get("KEY_PREFIX", "")
    return f"{prefix}pages:{name}"


def _version_key(tag: str) -> str:
    return _key(f"version:{tag}")


def _count_key(row: str) -> str:
    return _key(f"views:{row}")


def _changed_key() -> str:
    return _key("changed-views")
