"""Registering searchable models, and writing the texts of their objects to the index.

A model's `save` calls `update_index`; deleted objects remove themselves. After changes
that bypass `save` (`bulk_create`, `loaddata`, `QuerySet.update`) run `manage.py rebuild_search`.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from types import ModuleType
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Exists, Model, OuterRef
from django.db.models.signals import post_delete

from core.page_cache.versions import EVERY_PAGE, mark_changed
from core.search import postgres, sqlite
from core.search.documents import build_documents
from core.search.kinds import Kind, add_kind, all_kinds, kind_of
from core.search.models import (
    ENTRIES_PER_OBJECT,
    INDEX_VERSION,
    IndexedLanguage,
    SearchEntry,
    entries_of,
    first_entry_id,
)

BATCH_SIZE = 200

rebuilds: dict[type[Model], Callable[[], int]] = {}  # of the texts of other searches


def backend() -> ModuleType:
    """The module for the database in use."""
    return postgres if connection.vendor == "postgresql" else sqlite


def register(kind: Kind) -> None:
    """Include objects of this kind in the search, and remove them when they are deleted."""
    add_kind(kind)
    post_delete.connect(_remove_deleted, sender=kind.model)


def register_rebuild(model: type[Model], rebuild: Callable[[], int]) -> None:
    """Let `rebuild_all` also call `rebuild`, which returns the number of rows it has indexed."""
    rebuilds[model] = rebuild


def update_index(model: type[Model], ids: Iterable[int]) -> int:
    """Index the objects of `model` with these `ids`; returns how many of them exist."""
    kind = kind_of(model)
    manager: Any = model._default_manager
    count = 0
    remaining = iter(ids)
    while batch := list(islice(remaining, BATCH_SIZE)):
        with transaction.atomic(), connection.cursor() as cursor:
            # Locked, so that a concurrent edit is indexed after this one.
            rows = manager.filter(pk__in=batch).order_by("pk").select_for_update()
            rows = list(rows.prefetch_related(*kind.keyword_relations))
            _delete_entries(cursor, kind, batch)
            backend().insert(
                cursor, [document for row in rows for document in build_documents(kind, row)]
            )
        count += len(rows)
    return count


def remove_from_index(model: type[Model], ids: Iterable[int]) -> None:
    """Remove the objects of `model` with these `ids`."""
    with connection.cursor() as cursor:
        _delete_entries(cursor, kind_of(model), list(ids))


def rebuild_all() -> Iterator[tuple[type[Model], int]]:
    """Rebuild all texts of all searches; yields each model with the number of rows indexed."""
    for kind in all_kinds():
        yield kind.model, rebuild_index(kind)
    for model, rebuild in rebuilds.items():
        yield model, rebuild()
    IndexedLanguage.objects.update_or_create(defaults=index_state())
    mark_changed(EVERY_PAGE)  # pages of products show filters


def index_state() -> dict[str, Any]:
    """The fields of `IndexedLanguage` after all texts were built."""
    languages = ",".join(settings.MODELTRANSLATION_LANGUAGES)
    return {"code": settings.LANGUAGE_CODE, "languages": languages, "version": INDEX_VERSION}


def rebuild_index(kind: Kind) -> int:
    """Index all objects of one kind, remove deleted ones, and return the number indexed."""
    rows: Any = kind.model._default_manager
    orphans = entries_of(kind).exclude(Exists(rows.filter(pk=OuterRef("object_id"))))
    remove_from_index(kind.model, orphans.values_list("object_id", flat=True).distinct())
    ids = rows.order_by("pk").values_list("pk", flat=True)
    return update_index(kind.model, ids.iterator(chunk_size=10_000))


def _delete_entries(cursor: CursorWrapper, kind: Kind, object_ids: list[int]) -> None:
    first_ids = [first_entry_id(kind, object_id) for object_id in object_ids]
    cursor.executemany(
        f"DELETE FROM {SearchEntry._meta.db_table} WHERE id >= %s AND id < %s",  # noqa: S608
        [(first_id, first_id + ENTRIES_PER_OBJECT) for first_id in first_ids],
    )


def _remove_deleted(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    remove_from_index(sender, [instance.pk])
