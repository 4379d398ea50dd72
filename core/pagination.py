"""Pages of long lists."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.paginator import EmptyPage, InvalidPage, Page, PageNotAnInteger, Paginator
from django.db.models import BooleanField, DateTimeField, F, Func, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import ListView

from core.prepared_queries import PreparedRows

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class BoundedPaginator(Paginator):
    """Has pages for the first `MAX_COUNT` rows of a queryset, whose keys it reads in one query.

    Counting a long list or search takes longer than showing a page of it.
    """

    object_list: QuerySet
    MAX_COUNT = 1000

    @cached_property
    def keys(self) -> list[Any]:
        """The primary keys of the rows, and of one more if there are more."""
        return list(self.object_list.values_list("pk", flat=True)[: self.MAX_COUNT + 1])

    @cached_property
    def count(self) -> int:
        return min(len(self.keys), self.MAX_COUNT)

    @property
    def has_more(self) -> bool:
        """Whether there are more rows than were counted."""
        return len(self.keys) > self.MAX_COUNT

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        end = min(start + self.per_page, self.count)
        return Page(self.object_list.filter(pk__in=self.keys[start:end]), number, self)


class SearchPaginator(BoundedPaginator):
    """For a search through long texts, which takes longer for each row than a filter."""

    MAX_COUNT = 200


def count_up_to(limit: int, *querysets: QuerySet | PreparedRows) -> tuple[int, bool]:
    """The number of rows of all querysets together, at most `limit`; and whether there are more."""
    count = 0
    for rows in querysets:
        most = limit + 1 - count
        if isinstance(rows, PreparedRows):
            count += rows.count_up_to(most)
        else:
            count += rows.order_by().values("pk")[:most].count()
        if count > limit:
            return limit, True
    return count, False


class KeysetPage(Page):
    """A page whose `number`, and those of its neighbours, may be names of `KeysetPaginator`."""

    def __init__(
        self,
        rows: Sequence[Any],
        number: int | str,
        paginator: Paginator,
        *,
        previous: int | str | None,
        following: int | str | None,
    ) -> None:
        super().__init__(rows, number, paginator)  # type: ignore[arg-type]  # it may be a name
        self.previous, self.following = previous, following

    @property
    def is_named(self) -> bool:
        """Whether it has a name instead of a number."""
        return isinstance(self.number, str)

    @property
    def query(self) -> str:
        """The query string of its URL, empty for the first page."""
        return f"?page={self.number}" if self.has_previous() else ""

    def has_previous(self) -> bool:
        return self.previous is not None

    def has_next(self) -> bool:
        return self.following is not None

    def previous_page_number(self) -> Any:
        return self.previous

    def next_page_number(self) -> Any:
        return self.following


class KeysetPaginator(BoundedPaginator):
    """Pages of a queryset that each take the same time, however many there are.

    The first `MAX_NUMBERED` pages have numbers. A later one is named by the row before or after it,
    as `after-<key>` or `before-<key>`: to skip a million rows, a database would have to read them.
    `last` is the last page. Higher numbers work as well, for bookmarks, but take longer.

    The rows are ordered by fields that are unique together, all ascending or all descending.
    Ordered by anything else, it has only the numbered pages.
    """

    MAX_NUMBERED = 40
    NAME = re.compile(r"(after|before)((?:-[0-9]{1,18})+)", re.ASCII)

    def __init__(
        self, object_list: QuerySet | PreparedRows, per_page: int, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(object_list, per_page, *args, **kwargs)
        self.MAX_COUNT = self.MAX_NUMBERED * self.per_page

    @cached_property
    def _counted(self) -> tuple[int, bool]:
        return count_up_to(self.MAX_COUNT, self.object_list)

    @cached_property
    def count(self) -> int:
        return self._counted[0]

    @property
    def has_more(self) -> bool:
        return self._counted[1]

    @cached_property
    def _queryset(self) -> QuerySet:
        """The rows as a queryset that can be changed."""
        rows: Any = self.object_list
        return rows.queryset if isinstance(rows, PreparedRows) else rows

    def page(self, number: int | str) -> Page:
        """The page with this number or name; raises InvalidPage if there is none."""
        if number == "last":
            return self._last_page()
        if isinstance(number, str) and self._fields and (name := self.NAME.fullmatch(number)):
            side, key = name[1], self._decode(name[2])
            return self._page_after(key) if side == "after" else self._page_before(key)
        try:
            return self._numbered_page(self.validate_number(number))
        except EmptyPage:
            if not self._fields or not self.has_more or int(number) < 1:
                raise
            return self._page_from((int(number) - 1) * self.per_page)

    def get_page(self, number: Any) -> Page:
        """The page with this number or name, or the first one if there is none."""
        try:
            return self.page(number or 1)
        except InvalidPage:
            return self.page(1)

    def _numbered_page(self, number: int) -> Page:
        start = (number - 1) * self.per_page
        rows = list(self.object_list[start : start + self.per_page])
        following: int | str | None = number + 1
        if number == self.num_pages:
            following = self.name("after", rows[-1]) if self.has_more and self._fields else None
        return KeysetPage(rows, number, self, previous=number - 1 or None, following=following)

    def _last_page(self) -> Page:
        if not self.has_more or not self._fields:
            return self._numbered_page(self.num_pages)
        rows = list(self._queryset.reverse()[: self.per_page])[::-1]
        previous = self.name("before", rows[0])
        return KeysetPage(rows, "last", self, previous=previous, following=None)

    def _page_after(self, key: list[Any]) -> Page:
        rows = list(self._beyond(key)[: self.per_page + 1])
        if not rows:
            raise EmptyPage(_("That page contains no results"))
        following = self.name("after", rows[-2]) if len(rows) > self.per_page else None
        rows = rows[: self.per_page]
        return KeysetPage(
            rows,
            f"after-{'-'.join(map(_encode, key))}",
            self,
            previous=self.name("before", rows[0]),
            following=following,
        )

    def _page_before(self, key: list[Any]) -> Page:
        """The rows before that with `key`; the first page if they do not fill one."""
        found = self._beyond(key, backwards=True)[: self.per_page + 1]
        rows = list(found)[::-1]
        if len(rows) <= self.per_page:
            return self._numbered_page(1)
        rows = rows[1:]
        return KeysetPage(
            rows,
            f"before-{'-'.join(map(_encode, key))}",
            self,
            previous=self.name("before", rows[0]),
            following=self.name("after", rows[-1]),
        )

    def _page_from(self, start: int) -> Page:
        """The page that follows so many rows, of which only the keys are read."""
        keys = self._queryset.select_related(None).values_list(*self._fields)
        before = list(keys[start - 1 : start])
        if not before:
            raise EmptyPage(_("That page contains no results"))
        return self._page_after(list(before[0]))

    def _beyond(self, key: list[Any], backwards: bool = False) -> QuerySet:
        """The rows after the one with `key` in the list, or before it with the nearest first."""
        is_above = self._is_descending == backwards
        compare = GreaterThan if is_above else LessThan
        model_field = self._queryset.model._meta.get_field
        values = [
            Value(value, output_field=model_field(name))
            for name, value in zip(self._fields, key, strict=True)
        ]
        rows = self._queryset.filter(compare(Row(*map(F, self._fields)), Row(*values)))
        return rows.reverse() if backwards else rows

    @cached_property
    def _order(self) -> Sequence[Any]:
        query = self._queryset.query
        return query.order_by or self._queryset.model._meta.ordering

    @cached_property
    def _is_descending(self) -> bool:
        return self._order[0].startswith("-")

    @cached_property
    def _fields(self) -> list[str]:
        """The fields of the order; none if the order is another one than the pages need."""
        if not all(isinstance(name, str) for name in self._order):
            return []
        if len({name.startswith("-") for name in self._order}) != 1:
            return []
        meta = self._queryset.model._meta
        names = [name.removeprefix("-") for name in self._order]
        return [meta.pk.name if name == "pk" else name for name in names]

    def name(self, side: str, row: Any) -> str:
        """The name of the page `after` or `before` a row of the list."""
        return "-".join([side, *(_encode(getattr(row, name)) for name in self._fields)])

    def _decode(self, key: str) -> list[Any]:
        """The values in a name; raises InvalidPage if they are no values of the fields."""
        numbers = list(map(int, key.split("-")[1:]))
        fields = [self._queryset.model._meta.get_field(name) for name in self._fields]
        if len(numbers) != len(fields):
            raise PageNotAnInteger(_("That page number is not an integer"))
        try:
            return [
                EPOCH + number * MICROSECOND if isinstance(field, DateTimeField) else number
                for field, number in zip(fields, numbers, strict=True)
            ]
        except OverflowError as error:
            raise EmptyPage(_("That page contains no results")) from error


class Row(Func):
    """Columns or values that are compared as one: `(publish_time, id) < (…, …)`.

    A database finds such rows in an index of these columns.
    """

    template = "(%(expressions)s)"
    output_field = BooleanField()


def _encode(value: Any) -> str:
    return str((value - EPOCH) // MICROSECOND if isinstance(value, datetime) else value)


class KeysetListView(ListView):
    """A list with the pages of `KeysetPaginator`; 404 for a page that does not exist."""

    paginator_class = KeysetPaginator

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        paginator = self.get_paginator(queryset, page_size)
        try:
            page = paginator.page(self.request.GET.get(self.page_kwarg, 1))
        except InvalidPage as error:
            raise Http404 from error
        return paginator, page, page.object_list, page.has_other_pages()
