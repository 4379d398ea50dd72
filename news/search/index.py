"""The index: kept in step with the articles, asked for candidates.

`Article.save` and `Tag.save` call `update`; `receivers.py` calls it where tags change hands.
Deleted articles take their entries along. What writes past `save` (`bulk_create`, `loaddata`,
`QuerySet.update` on a text) is followed by `manage.py rebuild_search`.
"""

from collections.abc import Iterable
from itertools import islice
from types import ModuleType
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import QuerySet

from core.text.search_query import SearchQuery
from news.search import postgres, sqlite
from news.search.documents import documents
from news.search.models import Candidate

BATCH = 200


def database() -> ModuleType:
    """What is particular to the database in use."""
    return postgres if connection.vendor == "postgresql" else sqlite


def update(ids: Iterable[int], articles: Any = None) -> int:
    """Write anew what the articles with these `ids` say; how many there are.

    `articles` is the manager to read them with, where it is not that of `Article`.
    """
    manager = articles or apps.get_model("news", "Article")._default_manager
    count = 0
    remaining = iter(ids)
    while batch := list(islice(remaining, BATCH)):
        with transaction.atomic():
            # Locked, so that an edit made meanwhile is indexed after this and not before it.
            rows = manager.filter(pk__in=batch).order_by("pk").select_for_update()
            found = [
                document for row in rows.prefetch_related("tags") for document in documents(row)
            ]
            with connection.cursor() as cursor:
                database().write(cursor, batch, found)
        count += len({document.article_id for document in found})
    return count


def candidates(published: QuerySet[Any], query: SearchQuery, language: str) -> set[Candidate]:
    """The entries of `published` articles among which the best answers are; not without bounds."""
    return database().candidates(published, query, language)
