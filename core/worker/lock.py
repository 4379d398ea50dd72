"""The lock that makes one of a site's workers the active one, on any number of machines.

The workers of a site share its database: on PostgreSQL the lock is there, with SQLite it is a file
beside the database.
"""

import fcntl
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import IO, Any, Self

from django.db import Error, connection

from config.env import KEEPALIVE_COUNT, KEEPALIVE_SECONDS, KEEPALIVES

ADVISORY_LOCK = 0x54726164656F6E65  # any number that no other lock of the database has

# A machine that has vanished loses the lock after six seconds: the server and the client each
# check the other end of their connection after two seconds, and then twice.
LOST_AFTER_SECONDS = KEEPALIVE_SECONDS * (1 + KEEPALIVE_COUNT)
SERVER_SETTINGS = {
    "tcp_keepalives_idle": KEEPALIVE_SECONDS,
    "tcp_keepalives_interval": KEEPALIVE_SECONDS,
    "tcp_keepalives_count": KEEPALIVE_COUNT,
    "tcp_user_timeout": LOST_AFTER_SECONDS * 1000,
    "idle_session_timeout": 0,
}
CLIENT_SETTINGS = KEEPALIVES | {
    "tcp_user_timeout": LOST_AFTER_SECONDS * 1000,
    "connect_timeout": LOST_AFTER_SECONDS,
}


class WorkerLock(ABC):
    """Held by one process at a time, until it ends or the lock is released."""

    @abstractmethod
    def acquire(self) -> bool:
        """Take the lock if it is free; returns whether this process holds it now."""

    @abstractmethod
    def is_held(self) -> bool:
        """Whether this process still holds the lock."""

    @abstractmethod
    def release(self) -> None:
        """Let another process take the lock."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.release()


class DatabaseLock(WorkerLock):
    """An advisory lock of PostgreSQL, on a connection of its own outside of the pool.

    All threads of the process may ask whether it is held.
    """

    def __init__(self) -> None:
        self._connection: Any = None
        self._in_use = RLock()

    def acquire(self) -> bool:
        """Take the lock; raises a database error if the server does not answer."""
        if self.is_held():
            return True
        self._connection = _dedicated_connection()
        try:
            if self._query(f"SELECT pg_try_advisory_lock({ADVISORY_LOCK})"):
                return True
        except Error:
            self.release()
            raise
        self.release()
        return False

    def is_held(self) -> bool:
        """Whether the connection that holds the lock is alive; the server frees it otherwise."""
        with self._in_use:
            if self._connection is None:
                return False
            try:
                return bool(self._query("SELECT true"))
            except Error:
                self.release()
                return False

    def release(self) -> None:
        with self._in_use:
            if self._connection is not None:
                with suppress(Error):
                    self._connection.close()
                self._connection = None

    def _query(self, sql: str) -> Any:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]


def _dedicated_connection() -> Any:
    copy: Any = connection.copy()
    options = dict(copy.settings_dict["OPTIONS"])
    options.pop("pool", None)
    server_settings = " ".join(f"-c {name}={value}" for name, value in SERVER_SETTINGS.items())
    options["options"] = f"{options.get('options', '')} {server_settings}".strip()
    copy.settings_dict["OPTIONS"] = options | CLIENT_SETTINGS
    copy.inc_thread_sharing()
    return copy


class FileLock(WorkerLock):
    """A lock on a file beside the SQLite database, which the kernel frees with the process."""

    def __init__(self) -> None:
        self.path = Path(f"{connection.settings_dict['NAME']}-worker.lock")
        self._file: IO[str] | None = None

    def acquire(self) -> bool:
        if self._file is None:
            file = self.path.open("w")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
                return False
            self._file = file
        return True

    def is_held(self) -> bool:
        return self._file is not None

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def worker_lock() -> WorkerLock:
    """The lock that all workers of this site's database share."""
    return DatabaseLock() if connection.vendor == "postgresql" else FileLock()


def is_a_worker_active() -> bool:
    """Whether a process on any machine holds the lock now; raises DatabaseError."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON database = pg_database.oid"
                " WHERE locktype = 'advisory' AND datname = current_database() AND granted"
                " AND (classid::bigint << 32) | objid::bigint = %s)",
                [ADVISORY_LOCK],
            )
            return bool(cursor.fetchone()[0])
    try:
        with FileLock().path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
