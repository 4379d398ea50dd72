"""Pages of long lists."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property


class BoundedPaginator(Paginator):
    """Counts no further than `MOST` rows, and has pages for those alone: counting takes time.

    The list must be a queryset. Whoever looks for a row beyond narrows the list down.
    """

    object_list: QuerySet
    MOST = 10_000

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: self.MOST + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.MOST)

    @property
    def has_more(self) -> bool:
        """Whether there are rows behind those that were counted."""
        return self._counted > self.MOST


class TwoEndedPaginator(Paginator):
    """Counts the pages behind the middle from the end, so that the last is as fast as the first.

    A database walks over all rows before the one it starts from; here that is never more than
    half of them. The list must be a queryset with an order.
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
