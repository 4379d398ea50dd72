"""Storing the numbers of specifications that were stored without them."""

from typing import Any

from django.db import connections, transaction

from products.measurements import parse_measurement
from products.search_text import first_translation

BATCH_SIZE = 2_000


def store_numbers(model: Any, using: str, language: str) -> int:
    """Store the numbers in all rows of `model`, Specification or that of a migration.

    Returns how many rows have one. A batch is committed by itself, and the next one read by key, so
    that neither memory nor locks grow with the table.
    """
    connection = connections[using]
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(name)} = %s" for name in ("minimum", "maximum", "unit"))
    statement = f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE id = %s"  # noqa: S608
    last, count = 0, 0
    rows = model.objects.using(using).order_by("pk")
    while batch := list(rows.filter(pk__gt=last)[:BATCH_SIZE]):
        last = batch[-1].pk
        found = (
            (parse_measurement(first_translation(row, "value"), _name(row), language), row.pk)
            for row in batch
        )
        values = [(one.minimum, one.maximum, one.unit.base, pk) for one, pk in found if one]
        if values:
            with transaction.atomic(using), connection.cursor() as cursor:
                cursor.executemany(statement, values)
        count += len(values)
    return count


def _name(row: Any) -> str:
    return first_translation(row, "name")
