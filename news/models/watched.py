"""The queryset of rows that pages of the news show."""

from core.page_cache.changes import ModelT, WatchedQuerySet

CHANGED_TAG = "news"  # the cache tag of every page of the news


class NewsQuerySet(WatchedQuerySet[ModelT]):
    """Rows whose changes are changes of all pages of the news, if many are changed at once."""

    changed_tag = CHANGED_TAG
