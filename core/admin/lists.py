"""The lists of the admin: each page reads a bounded number of rows, however many there are."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Paginator
from django.db.models import CharField, Field, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst

from core.pagination import BoundedPaginator, SearchPaginator

START_VAR = "start"
AUTOCOMPLETE_VAR = "term"
MAX_ROWS_FOR_VALUES = 1000


class BoundedChangeList(ChangeList):
    """A list in parts of `MAX_COUNT` rows of its paginator.

    The parameter `start` is the primary key of the first row of a part, so that a database finds
    the part by its key instead of reading all rows before it.
    """

    paginator: BoundedPaginator
    start = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django would resolve the URL of each row to add the filters to it.
        self._filters_to_keep, self.preserved_filters = self.preserved_filters, ""

    def url_for_result(self, result: Model) -> str:
        url = super().url_for_result(result)
        return f"{url}?{self._filters_to_keep}" if self._filters_to_keep else url

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        if START_VAR in self.params:
            self.start = self.params.pop(START_VAR)
            del self.filter_params[START_VAR]
        if any("\0" in value for values in self.filter_params.values() for value in values):
            raise IncorrectLookupParameters  # PostgreSQL would refuse the query
        rows = super().get_queryset(request, *args, **kwargs)
        return self._from_start(rows) if self.start else rows

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.multi_page:
            self.result_list = self.paginator.page(1).object_list  # does not search again

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """Sort by the columns and then the key in the same direction, as an index on both does."""
        *fields, last = super().get_ordering(request, queryset.order_by())
        is_ascending = fields and isinstance(fields[-1], str) and fields[-1][0] != "-"
        return [*fields, "pk" if last == "-pk" and is_ascending else last]

    def get_ordering_field(self, field_name: Any) -> Any:
        """None for a column that is not sortable: Django only leaves out the link."""
        if self.sortable_by is not None and field_name not in self.sortable_by:
            return None
        return super().get_ordering_field(field_name)

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        """Links to other pages stay in this part of the list."""
        if self.start and PAGE_VAR in (new_params or {}):
            new_params = {START_VAR: self.start, **new_params}
        return super().get_query_string(new_params, remove)

    @property
    def first_part_url(self) -> str:
        """The URL of the first part; empty on its own pages."""
        return self.get_query_string() if self.start else ""

    @property
    def next_part_url(self) -> str:
        """The URL of the next part, on the last page of a part that is not the last one."""
        is_last_page = self.page_num == self.paginator.num_pages
        if not (is_last_page and self.paginator.has_more and self._sort_keys()):
            return ""
        return self.get_query_string({START_VAR: self.paginator.keys[-1]})

    def _sort_keys(self) -> list[tuple[str, bool]]:
        """The name of each field of the order, and whether it descends.

        Empty if not all of them are fields of the list's own table that are never NULL.
        """
        try:
            return list(self._parse_order())
        except (FieldDoesNotExist, TypeError):
            return []

    def _parse_order(self) -> Iterator[tuple[str, bool]]:
        for key in self.queryset.query.order_by:
            if not isinstance(key, str):
                raise TypeError
            name = key.removeprefix("-")
            field = self.lookup_opts.pk if name == "pk" else self.lookup_opts.get_field(name)
            if field is None or field.null or field.is_relation:
                raise TypeError
            yield name, key.startswith("-")

    def _from_start(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The first row of the part and those after it."""
        self.queryset = rows
        keys = self._sort_keys()
        try:
            first = self.root_queryset.filter(pk=self.start).first()
        except ValueError as error:
            raise IncorrectLookupParameters from error
        if not keys or first is None:
            raise IncorrectLookupParameters
        after, equal = Q(pk=first.pk), Q()
        for name, descends in keys:
            after |= equal & Q(**{f"{name}__{'lt' if descends else 'gt'}": getattr(first, name)})
            equal &= Q(**{name: getattr(first, name)})
        name, descends = keys[0]
        # Implied by the other condition, but it lets the database begin in its index.
        bound = Q(**{f"{name}__{'lte' if descends else 'gte'}": getattr(first, name)})
        return rows.filter(bound, after)


class LatestValuesFilter(admin.AllValuesFieldListFilter):
    """Offers the values of the latest rows, and accepts any other.

    The filter that it replaces reads the whole table to find all values.
    """

    def __init__(
        self,
        field: Field,
        request: HttpRequest,
        params: dict[str, list[str]],
        model: type[Model],
        model_admin: admin.ModelAdmin,
        field_path: str,
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        is_own = field.model == model
        rows = model_admin.get_queryset(request) if is_own else field.model._default_manager.all()
        latest = rows.order_by("-pk").values_list(field.name, flat=True)[:MAX_ROWS_FOR_VALUES]
        values = sorted({*latest, *(self.lookup_val or ())}, key=str)
        self.lookup_choices = values  # type: ignore[assignment]  # it is only iterated


def _is_text(field: Any) -> bool:
    return isinstance(field, CharField) and not field.choices


admin.FieldListFilter.register(_is_text, LatestValuesFilter, take_priority=True)


def _without(listed: list[Any], starts: tuple[str, ...]) -> list[Any]:
    """Nested lists of texts, without the texts that begin like this and the lists below them."""
    kept: list[Any] = []
    is_shown = True
    for item in listed:
        if isinstance(item, list):
            if is_shown and (rest := _without(item, starts)):
                kept.append(rest)
            continue
        is_shown = not str(item).startswith(starts)
        if is_shown:
            kept.append(item)
    return kept


class BoundedListAdmin(admin.ModelAdmin):
    """What every ModelAdmin inherits in place of Django's defaults: see `StaffSite.register`."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # facets count all rows of each filter

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What the delete page lists, without rows that are computed from others.

        A model names itself as such by `is_computed = True`.
        """
        listed, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        computed = [m._meta for m in apps.get_models() if getattr(m, "is_computed", False)]
        starts = tuple(f"{capfirst(meta.verbose_name)}: " for meta in computed)
        counts = {
            name: count
            for name, count in counts.items()
            if name not in {meta.verbose_name_plural for meta in computed}
        }
        return _without(listed, starts), counts, forbidden, protected

    def get_paginator(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Paginator:
        is_search = request.GET.get(SEARCH_VAR) or request.GET.get(AUTOCOMPLETE_VAR)
        return (SearchPaginator if is_search else BoundedPaginator)(*args, **kwargs)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return BoundedChangeList
