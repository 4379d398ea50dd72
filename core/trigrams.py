"""Indexes for searching parts of words."""

import logging
from collections.abc import Iterable
from typing import Any

from django.db import DatabaseError, transaction

logger = logging.getLogger(__name__)


def create_trigram_index(
    schema_editor: Any, name: str, table: str, expressions: Iterable[str]
) -> None:
    """On PostgreSQL, index parts of words in the SQL `expressions`.

    The extension comes with PostgreSQL, and since version 13 the owner of a database may install
    it. Where that is refused, a search reads the whole table. SQLite has core/trigram_tables.py.
    """
    if schema_editor.connection.vendor != "postgresql":
        return
    parts = ", ".join(f"{expression} gin_trgm_ops" for expression in expressions)
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            schema_editor.execute(f"CREATE INDEX {name} ON {table} USING gin ({parts})")
    except DatabaseError as error:
        logger.warning("Searching %s will be slow, without pg_trgm: %s", table, error)


def drop_trigram_index(schema_editor: Any, name: str) -> None:
    """Drop an index of `create_trigram_index`, if it exists."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")
