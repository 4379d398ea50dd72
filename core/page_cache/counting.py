"""Counting the views of a row, exactly under concurrent load.

With Redis, views are counted there, and the worker adds them to the database (`store_counts`).
Otherwise each is one UPDATE of the row, outside a transaction, so that a killed process loses none.
"""

from contextlib import suppress

from django.apps import apps
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from core.page_cache import redis
from core.page_cache.models import CountedModel
from core.page_cache.versions import recover_redis

BATCH_SIZE = 500
MAX_BATCHES = 1000  # in one call, since rows are viewed again meanwhile


def row_name(row: CountedModel) -> str:
    """The name of a row in Redis, such as `news.article:5`."""
    return f"{row._meta.label_lower}:{row.pk}"


def count_view(row: CountedModel) -> int:
    """Add one to the views of `row` and return the number that includes this view."""
    recover_redis()
    try:
        count = redis.count(row_name(row), start=row.redis_views, views=1)
    except redis.UnavailableError:
        return count_in_database(row)
    store_count(type(row), row.pk, count)
    return row.views_with(count)


def read_views(row: CountedModel) -> int:
    """The views of `row` with those that the database does not have yet."""
    try:
        count = redis.count(row_name(row), start=row.redis_views, views=0)
    except redis.UnavailableError:
        return row.views
    return row.views_with(count)


def count_in_database(row: CountedModel) -> int:
    table = connection.ops.quote_name(row._meta.db_table)
    update = f"UPDATE {table} SET views = views + 1, viewed_at = CURRENT_TIMESTAMP"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{update} WHERE id = %s RETURNING views", [row.pk])
        found = cursor.fetchone()
    return found[0] if found else row.views


def store_count(model: type[CountedModel], pk: int, count: int) -> None:
    """Add the views that Redis has counted since the last time to a row."""
    model._default_manager.filter(pk=pk, redis_views__lt=count).update(
        views=F("views") + count - F("redis_views"), redis_views=count, viewed_at=timezone.now()
    )


def forget_count(row: CountedModel) -> None:
    """Forget the count of a deleted row, in case it is recovered with its number of views."""
    name = row_name(row)

    def forget() -> None:
        with suppress(redis.UnavailableError):
            redis.delete_count(name)

    transaction.on_commit(forget, robust=True)


def store_counts() -> int:
    """Add the views counted in Redis to the database; returns the number of rows.

    If it is interrupted, the next call goes on: the database knows which part of the count it has.
    Raises `redis.UnavailableError`.
    """
    stored = 0
    for _batch in range(MAX_BATCHES):
        counts = redis.changed_counts(BATCH_SIZE)
        with transaction.atomic():
            for row, count in sorted(counts.items()):
                label, pk = row.split(":")
                store_count(apps.get_model(label), int(pk), count)
        redis.forget_changed(counts)
        stored += len(counts)
        if len(counts) < BATCH_SIZE:
            break
    return stored
