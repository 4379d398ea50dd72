"""The queryset of rows that pages of the catalogue show."""

from core.page_cache.changes import ModelT, WatchedQuerySet

CHANGED_TAG = "products"  # the cache tag of every page of the catalogue


class CatalogueQuerySet(WatchedQuerySet[ModelT]):
    """Rows whose changes are changes of all pages of the catalogue, if many are changed at once."""

    changed_tag = CHANGED_TAG
