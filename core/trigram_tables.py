"""On SQLite, tables that find parts of words, where PostgreSQL has the indexes of core/trigrams.py.

Each is an FTS5 table of the sequences of three characters in some columns of a model's table.
Triggers update it, like an index, whatever writes the rows.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL

MIN_SQLITE_VERSION = (3, 34)
TRIGRAM_LENGTH = 3
MAX_TRIGRAMS = 50  # of a word or phrase
# If more rows have the trigrams, a list reads its rows in order until enough of them match.
MAX_CANDIDATES = 3000

RowsT = TypeVar("RowsT", bound=QuerySet[Any])
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrigramTable:
    """The trigrams in these columns of a model; its row IDs are the model's primary keys."""

    model: type[Model]
    columns: tuple[str, ...]

    @property
    def source(self) -> str:
        return self.model._meta.db_table

    @property
    def key(self) -> str:
        return str(self.model._meta.pk.column)

    @property
    def name(self) -> str:
        return f"{self.source}_trigrams"

    def statements(self) -> dict[str, str]:
        """The SQL of the table and of its triggers, by their names."""
        name, source, key = self.name, self.source, self.key
        columns = ", ".join(self.columns)
        old, new = (
            ", ".join(f"{row}.{column}" for column in (key, *self.columns))
            for row in ("old", "new")
        )
        remove = f"INSERT INTO {name} ({name}, rowid, {columns}) VALUES ('delete', {old});"  # noqa: S608
        add = f"INSERT INTO {name} (rowid, {columns}) VALUES ({new});"  # noqa: S608
        changes = " OR ".join(
            f"old.{column} IS NOT new.{column}" for column in (key, *self.columns)
        )
        return {
            name: f"CREATE VIRTUAL TABLE {name} USING fts5({columns}, tokenize='trigram',"
            f" detail=none, columnsize=0, content='{source}', content_rowid='{key}')",
            f"{name}_insert": f"CREATE TRIGGER {name}_insert AFTER INSERT ON {source}"
            f" BEGIN {add} END",
            f"{name}_delete": f"CREATE TRIGGER {name}_delete AFTER DELETE ON {source}"
            f" BEGIN {remove} END",
            f"{name}_update": f"CREATE TRIGGER {name}_update"
            f" AFTER UPDATE OF {key}, {columns} ON {source} WHEN {changes}"
            f" BEGIN {remove} {add} END",
        }


_tables: dict[type[Model], TrigramTable] = {}


def add_trigram_table(model: type[Model], columns: Iterable[str]) -> None:
    """Let `migrate` create a table of the trigrams in these columns.

    Like other triggers, its own must be dropped by a migration that removes one of the columns.
    """
    _tables[model] = TrigramTable(model, tuple(columns))


def create_trigram_tables(using: str, **kwargs: Any) -> None:
    """Create the tables that are missing or differ, after a migration.

    Django alters most columns on SQLite by copying the table, which loses its triggers.
    """
    connection: Any = connections[using]
    if connection.vendor != "sqlite":
        return
    if connection.Database.sqlite_version_info < MIN_SQLITE_VERSION:
        logger.warning("Searching for parts of words will be slow: SQLite is older than 3.34.")
        return
    for table in _tables.values():
        with transaction.atomic(using=using), connection.cursor() as cursor:
            _create(cursor, table)


def drop_trigram_table(cursor: CursorWrapper, source: str) -> None:
    """Drop the one on the table `source`, before a migration removes a column of that."""
    for table in _tables.values():
        if table.source == source:
            for name in reversed(table.statements()):
                kind = "TABLE" if name == table.name else "TRIGGER"
                cursor.execute(f"DROP {kind} IF EXISTS {name}")


def _create(cursor: CursorWrapper, table: TrigramTable) -> None:
    cursor.execute("SELECT name FROM pragma_table_info(%s)", [table.source])
    if not {table.key, *table.columns} <= {name for (name,) in cursor.fetchall()}:
        return  # as of an earlier migration
    statements = table.statements()
    marks = ", ".join(["%s"] * len(statements))
    cursor.execute(
        f"SELECT name, sql FROM sqlite_master WHERE name IN ({marks})",  # noqa: S608
        list(statements),
    )
    if dict(cursor.fetchall()) == statements:
        return
    for name in statements:
        kind = "TABLE" if name == table.name else "TRIGGER"
        cursor.execute(f"DROP {kind} IF EXISTS {name}")
    for statement in statements.values():
        cursor.execute(statement)
    cursor.execute(f"INSERT INTO {table.name} ({table.name}) VALUES ('rebuild')")  # noqa: S608


def narrow(rows: RowsT, model: type[Model], condition: Q) -> RowsT:
    """The rows that may meet `condition`, if the table of `model` shows that only few do.

    `model` is that of `rows`, or has the same primary keys. PostgreSQL uses its indexes by itself.
    """
    connection = connections[rows.db]
    table, match = _tables[model], _match(condition)
    if connection.vendor != "sqlite" or not match:
        return rows
    found = f"SELECT rowid FROM {table.name} WHERE {table.name} MATCH %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [table.name])
        if not cursor.fetchone():
            return rows
        cursor.execute(f"{found} LIMIT 1 OFFSET {MAX_CANDIDATES}", [match])
        is_common = cursor.fetchone() is not None
    return rows if is_common else rows.filter(pk__in=RawSQL(found, [match]))  # noqa: S611  # nosec B611


def _match(condition: Any) -> str:
    """An FTS5 expression that all rows meet which meet `condition`; empty if there is none.

    `condition` is a Q object, or one of its children.
    """
    if isinstance(condition, tuple):
        lookup, value = condition
        return _trigrams(value) if lookup.endswith(("__contains", "__icontains")) else ""
    if condition.negated or condition.connector == Q.XOR:
        return ""
    parts = dict.fromkeys(map(_match, condition.children))
    if condition.connector == Q.OR:
        return f"({' OR '.join(parts)})" if all(parts) and parts else ""
    known = list(filter(None, parts))
    return f"({' AND '.join(known)})" if known else ""


def _trigrams(text: str) -> str:
    ends = range(TRIGRAM_LENGTH, len(text) + 1)
    trigrams = dict.fromkeys(text[end - TRIGRAM_LENGTH : end] for end in ends)
    quoted = ['"{}"'.format(each.replace('"', '""')) for each in trigrams][:MAX_TRIGRAMS]
    return f"({' AND '.join(quoted)})" if quoted else ""
