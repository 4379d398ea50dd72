"""Empty databases for the compared sites, dropped at the end.

The PostgreSQL and Redis servers are those of DATABASE_URL and CACHE_URL in the environment, or
those of this machine. Only new databases on them are touched.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg import sql

POSTGRESQL = "postgres://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/15"


class UnavailableError(Exception):
    """A server does not answer, or its database is in use."""


@dataclass(frozen=True)
class Storage:
    """Where sites keep their data: each has a database; they share the cache, if there is one."""

    name: str
    tradepost_url: str
    wagtail_url: str
    cache_url: str | None = None
    versions: tuple[str, ...] = ()


def sqlite(folder: Path) -> Storage:
    def url(site: str) -> str:
        return f"sqlite:///{folder}/{site}.sqlite3"

    return Storage("SQLite", url("tradepost"), url("wagtail"))


@contextmanager
def postgresql_and_redis() -> Iterator[Storage]:
    """Databases for the block. Raises UnavailableError if a server does not answer or is in use."""
    with (
        _redis_database() as (cache_url, redis_version),
        _postgresql_database("tradepost") as (tradepost_url, postgresql_version),
        _postgresql_database("wagtail") as (wagtail_url, _),
    ):
        versions = (f"PostgreSQL {postgresql_version}", f"Redis {redis_version}")
        yield Storage("PostgreSQL and Redis", tradepost_url, wagtail_url, cache_url, versions)


def analyze(storage: Storage) -> None:
    """Let PostgreSQL count the rows, as it does by itself a minute later."""
    for url in (storage.tradepost_url, storage.wagtail_url):
        if url.startswith("postgres"):
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("ANALYZE")


@contextmanager
def _postgresql_database(purpose: str) -> Iterator[tuple[str, str]]:
    """Create a database for the block; its URL and the server's version."""
    url = os.environ.get("DATABASE_URL", "")
    server = url if url.startswith(("postgres://", "postgresql://")) else POSTGRESQL
    name = f"bench_{purpose}_{os.getpid()}"
    try:
        with psycopg.connect(server, autocommit=True, connect_timeout=3) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            version = connection.info.parameter_status("server_version") or ""
    except psycopg.Error as error:
        raise UnavailableError(f"PostgreSQL: {error}") from error
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl(), version.split()[0]
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


@contextmanager
def _redis_database() -> Iterator[tuple[str, str]]:
    """An empty database, emptied again after the block; its URL and the server's version."""
    url = os.environ.get("CACHE_URL", "")
    url = url if url.startswith(("redis://", "rediss://")) else REDIS
    with redis.Redis.from_url(url, socket_connect_timeout=3) as client:
        try:
            keys = client.dbsize()
            version = client.info("server")["redis_version"]
        except redis.RedisError as error:
            raise UnavailableError(f"Redis: {error}") from error
        if keys:
            raise UnavailableError(
                f"the Redis database {urlsplit(url).path} is in use; name an empty one in CACHE_URL"
            )
        try:
            yield url, version
        finally:
            client.flushdb()
