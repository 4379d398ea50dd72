"""Reading from a replica of the database, where the site has one.

A replica may lag behind by some seconds, so it is only used inside `replica_reads()`: for searches,
feeds, sitemaps, exports and statistics. Everything else is read from the main database, and all of
what a page cache stores, which would otherwise show an old text until the next change.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.models import Model

REPLICA = "replica"  # its alias in DATABASES
RETRY_INTERVAL = 30  # seconds until a replica that did not answer is tried again

logger = logging.getLogger(__name__)

_may_lag: ContextVar[bool | None] = ContextVar("may_lag", default=None)


@contextmanager
def replica_reads() -> Iterator[None]:
    """Read from the replica, except inside `main_reads()`."""
    with _reads(may_lag=_may_lag.get() is not False):
        yield


@contextmanager
def main_reads() -> Iterator[None]:
    """Read from the main database, also where `replica_reads()` is called in the block."""
    with _reads(may_lag=False):
        yield


@contextmanager
def _reads(*, may_lag: bool) -> Iterator[None]:
    token = _may_lag.set(may_lag)
    try:
        yield
    finally:
        _may_lag.reset(token)


class ReplicaRouter:
    """Chooses the database of each query (DATABASE_ROUTERS)."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """The replica inside `replica_reads()`; otherwise where the object at hand was read."""
        if _may_lag.get():
            return REPLICA if _is_available() else DEFAULT_DB_ALIAS
        return None

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, first: Model, second: Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


class _Outage:
    """When a replica that did not answer is tried again (`time.monotonic`)."""

    ends = 0.0


def _is_available() -> bool:
    """Whether there is a replica, and it accepts a connection."""
    if REPLICA not in connections.settings or time.monotonic() < _Outage.ends:
        return False
    try:
        connections[REPLICA].ensure_connection()
    except OperationalError:
        logger.exception("The replica does not answer; the main database is read instead.")
        _Outage.ends = time.monotonic() + RETRY_INTERVAL
        return False
    return True
