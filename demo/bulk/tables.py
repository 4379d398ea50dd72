"""Writing many rows: `COPY` on PostgreSQL, `INSERT` on SQLite."""

from collections.abc import Iterable
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max, Model
from psycopg.types.json import Jsonb

Row = dict[str, Any]

CREATE_INDEX_MEMORY = "512MB"


def write_rows(model: type[Model], rows: Iterable[Row]) -> None:
    """Add `rows`, which map column names to values; other columns get their defaults.

    Without a primary key in the first row, the database assigns it.
    """
    rows = list(rows)
    if not rows:
        return
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key or field.attname in rows[0]
    ]
    defaults = {field.attname: field.get_default() for field in fields}
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(str(field.column)) for field in fields)
    values = ([row.get(name, default) for name, default in defaults.items()] for row in rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for each in values:
                    copy.write_row(
                        [
                            Jsonb(value) if isinstance(value, (dict, list)) else value
                            for value in each
                        ]
                    )
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608
                [
                    [
                        field.get_db_prep_save(value, connection)
                        for field, value in zip(fields, each, strict=True)
                    ]
                    for each in values
                ],
            )


def next_primary_key(model: type[Model]) -> int:
    return (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def reset_sequences(models: Iterable[type[Model]]) -> None:
    """Let the database assign primary keys after those that were written."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


def drop_indexes(models: Iterable[type[Model]]) -> list[str]:
    """Drop the indexes of PostgreSQL tables that enforce nothing; returns their definitions."""
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid::regclass::text = ANY(%s) AND NOT indisunique"
            " ORDER BY pg_relation_size(indrelid)",
            [tables],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in indexes]


def create_index(definition: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET maintenance_work_mem = '{CREATE_INDEX_MEMORY}'")
        cursor.execute(definition)


def analyze() -> None:
    """Let PostgreSQL count the rows and their values, as it does by itself some time later.

    Outside a transaction it also notes that all rows are visible: it then reads indexes without the
    tables. SQLite has no such counts on a real site either.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")
