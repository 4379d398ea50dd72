"""Checking and counting in the database, on a connection of its own that each process keeps."""

import threading
import time
from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Literal

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from core.outages import Outage
from core.page_cache.models import ContentChange, CountedModel


class ProcessConnection:
    """One connection for all threads of the process, outside their transactions and the pool."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._outage = Outage()
        self._wrapper: Any = None

    def fetch_row(self, statement: str, parameters: Sequence[object]) -> Any:
        """The first row of the result, or None. Raises DatabaseError."""
        with self._outage, self._lock:
            try:
                return self._fetch_row(statement, parameters)
            except DatabaseError:
                self._close()
            try:  # the connection may just have been too old
                return self._fetch_row(statement, parameters)
            except DatabaseError:
                self._close()
                raise

    def _fetch_row(self, statement: str, parameters: Sequence[object]) -> Any:
        if self._wrapper is None:
            self._connect()
        try:
            return self._wrapper.connection.execute(statement, parameters).fetchone()
        except self._wrapper.Database.Error as error:
            raise DatabaseError from error

    def _connect(self) -> None:
        wrapper: Any = connections.create_connection(DEFAULT_DB_ALIAS)
        wrapper.settings_dict = deepcopy(wrapper.settings_dict)
        wrapper.settings_dict["OPTIONS"].pop("pool", None)
        wrapper.inc_thread_sharing()
        wrapper.ensure_connection()
        if wrapper.vendor == "postgresql":  # plan each statement once: `prepare_threshold`
            wrapper.connection.cursor_factory = wrapper.Database.Cursor
        self._wrapper = wrapper

    def _close(self) -> None:
        if self._wrapper:
            self._wrapper.close()
            self._wrapper = None


process_connection = ProcessConnection()


def database_is_away() -> bool:
    """Whether the database does not answer."""
    try:
        process_connection.fetch_row("SELECT 1", [])
    except DatabaseError:
        return True
    return False


class PreparedCheck:
    """Whether `tags` still have a version and, with a row, its views."""

    def __init__(self, tags: Sequence[str], version: int, row: CountedModel | None) -> None:
        changes = ContentChange._meta.db_table
        is_sqlite = connections[DEFAULT_DB_ALIAS].vendor == "sqlite"
        place = "?" if is_sqlite else "%s"
        places = ", ".join([place] * len(tags))
        versions = f"SELECT COALESCE(SUM(token), 0) FROM {changes} WHERE tag IN ({places})"  # noqa: S608
        current = f"({versions}) = {place}"
        self.parameters: tuple[object, ...] = (*tags, version)
        self.is_counted = row is not None
        if row is None:
            self.read = f"SELECT 0 WHERE {current}"
            return
        table = row._meta.db_table
        where = f"WHERE id = {place} AND {current}"
        self.parameters = (row.pk, *self.parameters)
        self.read = f"SELECT views FROM {table} {where}"  # noqa: S608
        count = f"UPDATE {table} SET views = views + 1"  # noqa: S608
        note = f"{count}, viewed_at = CURRENT_TIMESTAMP"
        self.count = f"{count} {where} RETURNING views"
        self.count_and_note = f"{note} {where} RETURNING views"
        self.count_always_and_note = f"{note} WHERE id = {place} RETURNING views"
        self.note_at = 0.0

    def run(self, views: Literal[0, 1]) -> int | None:
        """Add `views` and return the number; None if the version has changed.

        Raises DatabaseError.
        """
        if not views or not self.is_counted:
            found = process_connection.fetch_row(self.read, self.parameters)
        elif (now := time.monotonic()) < self.note_at:
            found = process_connection.fetch_row(self.count, self.parameters)
        else:
            found = process_connection.fetch_row(self.count_and_note, self.parameters)
            self.note_at = now + CountedModel.NOTE_EVERY.total_seconds()
        return found[0] if found else None

    def count_always(self) -> int:
        """Add a view, whatever the version. Raises DatabaseError."""
        parameters = self.parameters[:1]
        found = process_connection.fetch_row(self.count_always_and_note, parameters)
        return found[0] if found else 0
