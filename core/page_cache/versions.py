"""The versions of the content behind cache tags.

They are kept in the database and, if there is a Redis, also there, where reading them is faster.
"""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Count
from django.utils import timezone

from core.page_cache import redis
from core.page_cache.models import ContentChange

EVERY_PAGE = "site"  # the tag of what every page shows
MAX_LIFETIME = timedelta(minutes=15)  # of a page in the cache
MAX_ROWS = 50  # of a tag, before they are merged
BATCH_SIZE = 500

_remembered: ContextVar[dict[str, int] | None] = ContextVar("versions", default=None)


def new_token() -> int:
    """A random version, never 0."""
    return secrets.randbelow(ContentChange.MAX_TOKEN - 1) + 1


@contextmanager
def remembered_versions() -> Iterator[None]:
    """Read the version of each tag only once in this context, which is that of a request."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def current_versions(tags: Iterable[str]) -> dict[str, int]:
    """The version of each tag, from Redis or in one query of the database.

    Content that is read afterwards is at least as new as its version.
    """
    tags = list(tags)
    remembered = _remembered.get()
    if remembered is None:
        return _read_versions(tags)
    if new := [tag for tag in tags if tag not in remembered]:
        remembered |= _read_versions(new)
    return {tag: remembered[tag] for tag in tags}


def settled_version(*tags: str) -> int | None:
    """The current version of the tags together; None if this transaction has changed one."""
    recorded = _recorded_changes()
    if recorded and not recorded.tags.keys().isdisjoint(tags):
        return None
    return sum(current_versions(tags).values())


def _read_versions(tags: list[str]) -> dict[str, int]:
    recover_redis()
    try:
        return redis.read_versions(tags)
    except redis.UnavailableError:
        places = ", ".join(["%s"] * len(tags))
        with connection.cursor() as cursor:  # a queryset takes ten times as long
            cursor.execute(
                f"SELECT tag, SUM(token) FROM {ContentChange._meta.db_table}"  # noqa: S608
                f" WHERE tag IN ({places}) GROUP BY tag",
                tags,
            )
            stored = dict(cursor.fetchall())
        return {tag: int(stored.get(tag, 0)) for tag in tags}


def mark_changed(*tags: str) -> None:
    """Record that the content behind these tags changes, in the transaction that changes it.

    Once it is committed, no process answers with a page from before.
    """
    for tag in tags:
        (_remembered.get() or {}).pop(tag, None)
    recorded = _recorded_in_this_transaction()
    savepoints = tuple(connection.savepoint_ids)
    new = [tag for tag in tags if not recorded.includes(tag, savepoints)]
    if not new:
        return
    rows = [ContentChange(tag=tag, token=new_token()) for tag in dict.fromkeys(new)]
    with transaction.atomic(savepoint=False):
        ContentChange.objects.bulk_create(rows, batch_size=BATCH_SIZE)
        recorded.add(new, savepoints)
        if redis.is_configured():
            transaction.on_commit(lambda: publish(rows), robust=True)


def publish(changes: Iterable[ContentChange]) -> None:
    """Give the tags of committed changes new versions in Redis.

    If Redis is unavailable, the changes stay unpublished and the worker publishes them.
    """
    changes = list(changes)
    try:
        redis.write_versions({change.tag: new_token() for change in changes})
    except redis.UnavailableError:
        return
    for start in range(0, len(changes), BATCH_SIZE):
        ids = [change.pk for change in changes[start : start + BATCH_SIZE]]
        ContentChange.objects.filter(pk__in=ids).update(is_published=True)


def publish_pending() -> int:
    """Publish the changes that Redis does not know of; returns their number."""
    changes = list(ContentChange.objects.filter(is_published=False).order_by("pk"))
    publish(changes)
    return len(changes)


def recover_redis() -> None:
    """Use Redis again after a failure, once it has the changes that were made in the meantime.

    Pages from before the failure are rendered again, because their views may have been counted in
    the database since.
    """
    if not redis.may_retry():
        return
    publish_pending()
    with suppress(redis.UnavailableError):
        redis.write_versions({EVERY_PAGE: new_token()})
        redis.retry()


def delete_old_changes() -> None:
    """Delete the changes from before the oldest page in any process, and merge frequent ones.

    Either changes the versions of their tags, so that pages with them are rendered once more.
    """
    changes = ContentChange.objects.order_by()
    if redis.is_configured():
        changes = changes.filter(is_published=True)
    changes.filter(at__lt=timezone.now() - 2 * MAX_LIFETIME).delete()
    frequent = changes.values_list("tag", flat=True).annotate(rows=Count("pk"))
    for tag in list(frequent.filter(rows__gt=MAX_ROWS)):
        with transaction.atomic():
            ids = list(changes.filter(tag=tag).values_list("pk", flat=True))
            for start in range(0, len(ids), BATCH_SIZE):
                changes.filter(pk__in=ids[start : start + BATCH_SIZE]).delete()
            ContentChange.objects.create(
                tag=tag, token=new_token(), is_published=redis.is_configured()
            )


@dataclass
class _Recorded:
    """The tags that were recorded in the open transaction, each with its savepoints.

    It is itself registered with `on_commit`: Django drops what is registered there when the
    transaction is rolled back, and so this is how its end is recognised.
    """

    position: int
    tags: dict[str, tuple[Any, ...]]

    def __call__(self) -> None:
        """Nothing is to be done after the commit."""

    def includes(self, tag: str, savepoints: tuple[Any, ...]) -> bool:
        """Whether the row of `tag` is still there: its savepoints are among the open ones."""
        at = self.tags.get(tag)
        return at is not None and savepoints[: len(at)] == at

    def add(self, tags: Iterable[str], savepoints: tuple[Any, ...]) -> None:
        self.tags |= dict.fromkeys(tags, savepoints)


def _recorded_changes() -> _Recorded | None:
    """The tags that were recorded in the open transaction, if there are any."""
    recorded: _Recorded | None = getattr(connection, "_recorded_changes", None)
    hooks = connection.run_on_commit
    if (
        recorded
        and connection.in_atomic_block
        and len(hooks) > recorded.position
        and hooks[recorded.position][1] is recorded
    ):
        return recorded
    return None


def _recorded_in_this_transaction() -> _Recorded:
    if recorded := _recorded_changes():
        return recorded
    hooks = connection.run_on_commit
    recorded = _Recorded(len(hooks), {})
    if connection.in_atomic_block:
        transaction.on_commit(recorded, using=DEFAULT_DB_ALIAS)
        owner: Any = connection
        owner._recorded_changes = recorded
    return recorded
