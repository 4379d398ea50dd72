"""Indexes on the texts of one language, for the languages whose indexes are in no migration.

Every index makes each query of its table slower to plan and each change slower to store. So only
the languages that the site uses have them. The worker creates and drops them, while the site runs.
"""

import logging
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection

from core.languages import MIGRATED_INDEXES

logger = logging.getLogger(__name__)

VALID_INDEXES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
    "postgresql": "SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid",
}


class LanguageIndex(NamedTuple):
    """An index for each language; `{}` in `table_and_columns` stands for that of a column."""

    name: str
    table_and_columns: str
    vendor: str = ""  # the only database that has it


def update_language_indexes(indexes: Iterable[LanguageIndex]) -> None:
    """Create the indexes of the site's languages, and drop those of languages it does not use."""
    with connection.cursor() as cursor:
        cursor.execute(VALID_INDEXES[connection.vendor])
        existing = {name for (name,) in cursor.fetchall()}
    for index in indexes:
        if index.vendor not in ("", connection.vendor):
            continue
        for code in settings.LANGUAGES_WITH_CONTENT:
            if code in MIGRATED_INDEXES:
                continue
            suffix = code.replace("-", "_")
            name = f"{index.name}_{suffix}"
            is_wanted = code in settings.MODELTRANSLATION_LANGUAGES
            if is_wanted and name not in existing:
                _create(name, index.table_and_columns.format(*[suffix] * 9))
            elif name in existing and not is_wanted:
                _drop(name)


def _create(name: str, table_and_columns: str) -> None:
    _drop(name)  # incomplete, if its creation was interrupted
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE INDEX {_concurrently()} {name} ON {table_and_columns}")
    except DatabaseError as error:
        logger.warning("The index %s cannot be created: %s", name, error)
    else:
        logger.info("The index %s was created for a language of the site.", name)


def _drop(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {_concurrently()} IF EXISTS {name}")


def _concurrently() -> str:
    """Without locking the table, as PostgreSQL can outside a transaction."""
    can = connection.vendor == "postgresql" and not connection.in_atomic_block
    return "CONCURRENTLY" if can else ""
