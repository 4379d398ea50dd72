"""Copying all rows to another database, from SQLite to PostgreSQL or back.

The target has its tables already. Everything is copied in one transaction: all or nothing.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, Error, connections, models, transaction
from django.db.models.expressions import Col

from core.language_columns import unused_columns
from core.search.models import SearchEntry

BATCH_SIZE = 1000  # rows in memory
# The search index differs between the databases; `rebuild_search` writes it.
NOT_COPIED = (SearchEntry,)

Model = type[models.Model]


class CopyError(Exception):
    """Says in one sentence why the rows cannot be copied."""


def copied_models() -> list[Model]:
    """All models that have a table, those of many-to-many relations included."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model not in NOT_COPIED
    ]


def copy_rows(target: str, report: Callable[[Model, int], object]) -> int:
    """Copy the rows of the site to the database `target`, an alias; returns their number.

    Its own rows, which `migrate` wrote, are deleted first. `report` is called after each table.
    Raises CopyError for a row that the target refuses, and if a number of rows or a sequence
    differs afterwards.
    """
    source = DEFAULT_DB_ALIAS
    total = 0
    with transaction.atomic(using=source), transaction.atomic(using=target):
        _read_one_moment(source)
        _empty(target)
        for model in copied_models():
            copied = sum(_copy_batches(model, source, target))
            expected = _rows(model, source).count()
            if not copied == expected == _rows(model, target).count():
                raise CopyError(f"{model._meta.label} has {expected} rows, but {copied} came.")
            _copy_sequence(model, source, target)
            report(model, copied)
            total += copied
    ContentType.objects.clear_cache()
    return total


def _read_one_moment(alias: str) -> None:
    """Read as of now, while others write. SQLite does so in every transaction."""
    if connections[alias].vendor == "postgresql":
        with connections[alias].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _empty(alias: str) -> None:
    connection = connections[alias]
    tables = [connection.ops.quote_name(model._meta.db_table) for model in copied_models()]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)}")
            return
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608


def _rows(model: Model, alias: str) -> models.QuerySet[Any]:
    # Not a manager of the model, which may hide rows or translate the names of fields.
    return models.QuerySet(model, using=alias).order_by()


def _copy_batches(model: Model, source: str, target: str) -> Iterator[int]:
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    connection = connections[target]
    quote = connection.ops.quote_name
    unused = unused_columns(model)
    columns = ", ".join(map(quote, [*(str(field.column) for field in fields), *unused]))
    places = ", ".join(["%s"] * (len(fields) + len(unused)))
    insert = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608
    batch: list[list[Any]] = []
    rows = _rows(model, source).values_list(
        *(field.attname for field in fields),
        *(_column(model, name) for name in unused),
    )
    for row in rows.iterator(chunk_size=BATCH_SIZE):
        batch.append(
            [
                *(
                    field.get_db_prep_save(value, connection)
                    for field, value in zip(fields, row, strict=False)
                ),
                *row[len(fields) :],
            ]
        )
        if len(batch) == BATCH_SIZE:
            yield _insert(model, target, insert, batch)
            batch = []
    if batch:
        yield _insert(model, target, insert, batch)


def _column(model: Model, name: str) -> Col:
    """A text in a column that is no field of the model."""
    field: models.TextField[str, str] = models.TextField()
    field.set_attributes_from_name(name)
    return Col(model._meta.db_table, field)


def _insert(model: Model, target: str, insert: str, batch: list[list[Any]]) -> int:
    """Insert rows; if one is refused, insert them one by one to find it."""
    for rows in ([batch], [[row] for row in batch]):
        for part in rows:
            try:
                with transaction.atomic(using=target), connections[target].cursor() as cursor:
                    cursor.executemany(insert, part)
            except (Error, ValueError) as error:
                if len(part) == 1:
                    first = str(error).strip().partition("\n")[0]
                    raise CopyError(
                        f"{model._meta.label} with the key {part[0][0]} is refused: {first}"
                    ) from error
                break
        else:
            return len(batch)
    raise CopyError(f"{model._meta.label}: rows are refused together, but not one by one.")


def _copy_sequence(model: Model, source: str, target: str) -> None:
    """Let the next new row get the same key in both databases. Raises CopyError."""
    key = model._meta.pk
    if not isinstance(key, models.AutoField | models.BigAutoField | models.SmallAutoField):
        return
    last = _last_key(model, source)
    _set_last_key(model, target, last)
    if _last_key(model, target) != last:
        raise CopyError(f"The sequence of {model._meta.label} is not at {last}.")


def _last_key(model: Model, alias: str) -> int:
    """The last key that was given to a row, also to one that was deleted since; 0 for none."""
    table, column = model._meta.db_table, str(model._meta.pk.column)
    with connections[alias].cursor() as cursor:
        if connections[alias].vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            return int(found[0]) if found else 0
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', column])
        [sequence] = cursor.fetchone() or [None]
        cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608
        value, is_called = cursor.fetchone() or (0, False)
        return int(value) if is_called else int(value) - 1


def _set_last_key(model: Model, alias: str, last: int) -> None:
    table, column = model._meta.db_table, str(model._meta.pk.column)
    with connections[alias].cursor() as cursor:
        if connections[alias].vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
        else:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
                [f'"{table}"', column, max(last, 1), last > 0],
            )
