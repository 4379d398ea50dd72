"""Counting the views of a row, exactly under concurrent load.

With Redis they are counted there, with SQLite in a file, and the worker adds them to the database
(`store_counts`). Otherwise each is one UPDATE of the row, outside a transaction. A killed process
loses none.
"""

import hashlib
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction

from core.page_cache import redis
from core.page_cache.count_file import CountFile
from core.page_cache.database import process_connection
from core.page_cache.models import CountedModel
from core.page_cache.versions import recover_redis

RETRY_AFTER = 60.0  # seconds until a file that could not be opened is tried again
BATCH_SIZE = 200  # rows of a transaction, for which other writers wait with SQLite
MAX_BATCHES = 1000  # in one call, since rows are viewed again meanwhile

Key = TypeVar("Key", int, str)

logger = logging.getLogger(__name__)


def row_name(model: type[CountedModel], pk: int) -> str:
    """The name of a row in Redis, such as `news.article:5`."""
    return f"{model._meta.label_lower}:{pk}"


def count_view(row: CountedModel) -> int:
    """Add one to the views of `row` and return the number that includes this view."""
    recover_redis()
    try:
        count = add_to_count(row, 1)
    except redis.UnavailableError:
        return count_in_database(row)
    if settings.PAGE_CACHE and not settings.CDN:
        # Few readings come here, so the database need not wait for the worker.
        store_count(type(row), row.pk, count)
    return row.views_with(count)


def read_views(row: CountedModel) -> int:
    """The views of `row` with those that the database does not have yet."""
    try:
        return row.views_with(add_to_count(row, 0))
    except redis.UnavailableError:
        return row.views


def add_to_count(row: CountedModel, views: Literal[0, 1]) -> int:
    """Add `views` to the count of `row` in Redis or the file, and return it.

    Raises `redis.UnavailableError`.
    """
    if file := find_available_file(type(row)):
        try:
            return file.count(row.pk, start=row.stored_count, views=views)
        except OSError as error:
            _log_full_disk(error)
            raise redis.UnavailableError from error
    return redis.count(row_name(type(row), row.pk), start=row.stored_count, views=views)


def _log_full_disk(error: OSError) -> None:
    """Log at most one of the errors of a while, since each hit may have one."""
    now = time.monotonic()
    if now >= _log_again_at.get(error.errno, 0.0):
        _log_again_at[error.errno] = now + RETRY_AFTER
        logger.warning("Views are counted in the database: %s", error)


_log_again_at: dict[int | None, float] = {}


@cache
def find_count_file(model: type[CountedModel]) -> CountFile | None:
    """The file of a model's counts, if this site counts in a file.

    Raises OSError or DatabaseError.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]
    if redis.is_configured() or database.vendor != "sqlite" or database.is_in_memory_db():
        return None
    path = Path(f"{database.settings_dict['NAME']}-{model._meta.label_lower}.views")
    return CountFile(path, _database_id())


def _database_id() -> int:
    """A number made of when the first migration was applied, which only copies have in common."""
    [first] = process_connection.fetch_row("SELECT MIN(applied) FROM django_migrations", [])
    return int.from_bytes(hashlib.blake2b(str(first).encode(), digest_size=7).digest())


_retry_at: dict[type[CountedModel], float] = {}  # when to try again to open a file

# A child process would share the lock of its parent.
os.register_at_fork(after_in_child=find_count_file.cache_clear)


def find_available_file(model: type[CountedModel]) -> CountFile | None:
    """The file with the counts of a model; None if there is none or it cannot be opened."""
    if time.monotonic() < _retry_at.get(model, 0.0):
        return None
    try:
        return find_count_file(model)
    except (OSError, DatabaseError) as error:
        _retry_at[model] = time.monotonic() + RETRY_AFTER
        logger.warning("Views are counted in the database: %s", error)
        return None


def count_in_database(row: CountedModel) -> int:
    """Add one to the views of `row` and return their number."""
    table = connection.ops.quote_name(row._meta.db_table)
    update = f"UPDATE {table} SET views = views + 1, viewed_at = CURRENT_TIMESTAMP"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{update} WHERE id = %s RETURNING views", [row.pk])
        found = cursor.fetchone()
    return found[0] if found else row.views


def store_count(model: type[CountedModel], pk: int, count: int) -> None:
    """Add the views that were counted since the last time to a row."""
    table = connection.ops.quote_name(model._meta.db_table)
    stored = model._meta.get_field("stored_count").column
    with connection.cursor() as cursor:  # a queryset takes ten times as long
        cursor.execute(
            f"UPDATE {table} SET views = views + %s - {stored}, {stored} = %s,"  # noqa: S608
            f" viewed_at = CURRENT_TIMESTAMP WHERE id = %s AND {stored} < %s",
            [count, count, pk, count],
        )


def forget_count(model: type[CountedModel], pk: int) -> None:
    """Forget the count of a row that is deleted, or of an earlier row with the key of a new one."""
    with suppress(redis.UnavailableError, OSError):
        if file := find_available_file(model):
            file.delete(pk)
        else:
            redis.delete_count(row_name(model, pk))


def store_counts() -> int:
    """Add the counted views to the database; returns the number of rows.

    If it is interrupted, the next call goes on: the database knows which part of the count it has.
    Raises `redis.UnavailableError`.
    """
    if redis.is_configured():
        return _store(redis.changed_counts, redis.forget_changed, _find_row)
    stored = 0
    for model in apps.get_models():
        if issubclass(model, CountedModel) and (file := find_available_file(model)):
            stored += _store(file.changed, file.note_stored, partial(_row_of, model))
    return stored


def _store(
    changed_counts: Callable[[int], dict[Key, int]],
    note_stored: Callable[[dict[Key, int]], None],
    find_row: Callable[[Key], tuple[type[CountedModel], int]],
) -> int:
    stored = 0
    for _batch in range(MAX_BATCHES):
        counts = changed_counts(BATCH_SIZE)
        with transaction.atomic():
            for key, count in sorted(counts.items()):
                store_count(*find_row(key), count)
        note_stored(counts)
        stored += len(counts)
        if len(counts) < BATCH_SIZE:
            break
    return stored


def _find_row(name: str) -> tuple[type[CountedModel], int]:
    """The model and the key in a name such as `news.article:5`."""
    label, pk = name.split(":")
    return apps.get_model(label), int(pk)


def _row_of(model: type[CountedModel], pk: int) -> tuple[type[CountedModel], int]:
    return model, pk
