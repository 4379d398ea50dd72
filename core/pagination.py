"""Pages of long lists."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property


class BoundedPaginator(Paginator):
    """Counts at most `MAX_COUNT` rows of a queryset and has pages for those only.

    Counting a long list takes longer than showing a page of it; filters reach the other rows.
    """

    object_list: QuerySet
    MAX_COUNT = 10_000

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: self.MAX_COUNT + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.MAX_COUNT)

    @property
    def has_more(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._counted > self.MAX_COUNT


class TwoEndedPaginator(Paginator):
    """Reads pages after the middle from the end, so that the last is as fast as the first.

    To find a page, a database reads all rows before it; here, that is at most half of them.
    The list must be an ordered queryset.
    """

    object_list: QuerySet

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        end = min(start + self.per_page, self.count)
        if start <= self.count // 2:
            return Page(self.object_list[start:end], number, self)
        backwards = self.object_list.reverse()[self.count - end : self.count - start]
        return Page(list(backwards)[::-1], number, self)
