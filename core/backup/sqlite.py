"""Backing up and restoring an SQLite database with its online backup API.

Other processes may read and write meanwhile: a copy is that of one moment.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from core.backup.contents import Contents, read_contents
from core.backup.errors import BackupError, DamagedError

FILE = "database.sqlite3"
LOCK_TIMEOUT = 60  # seconds to wait for another writer


def dump(path: Path) -> Contents:
    """Copy the site's database to a new file at `path`."""
    with _open(_site_path()) as site, _open(path) as copy:
        site.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # so that the copy is one file
        return _contents(copy)


def check(path: Path) -> Contents:
    """What the database in the file at `path` has. Raises DamagedError if it is not sound."""
    try:
        with _open(path) as copy:
            [[result]] = copy.execute("PRAGMA integrity_check(1)").fetchall()
            if result != "ok":
                raise DamagedError(f"The database in the archive is damaged: {result}.")
            return _contents(copy)
    except sqlite3.DatabaseError as error:
        raise DamagedError(f"The database in the archive is damaged: {error}.") from error


def restore(path: Path) -> None:
    """Replace the content of the site's database, in one transaction, by that of the file.

    Raises DamagedError if that is not sound.
    """
    check(path)
    connection.close()
    try:
        with _open(path) as copy, _open(_site_path()) as site:
            copy.backup(site)
            site.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise BackupError(f"The database cannot be restored: {error}.") from error


def contents() -> Contents:
    """What the site's database has."""
    with _open(_site_path()) as site:
        return _contents(site)


def _contents(database: sqlite3.Connection) -> Contents:
    def query(sql: str) -> list[tuple[object, ...]]:
        return database.execute(sql).fetchall()

    names = query("SELECT name FROM sqlite_master WHERE type = 'table'")
    return read_contents(query, (str(name) for [name] in names))


def _site_path() -> Path:
    return Path(connection.settings_dict["NAME"])


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, timeout=LOCK_TIMEOUT, isolation_level=None)) as database:
        yield database
