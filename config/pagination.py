"""Pages of long lists."""

from typing import Any

from django.core.paginator import Paginator


class TwoEndedPaginator(Paginator):
    """Counts the pages behind the middle from the end, so that the last is as fast as the first.

    A database walks over all rows before the one it starts from; here that is never more than
    half of them. The list must be a queryset with an order.
    """

    def page(self, number: int | str) -> Any:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        end = min(start + self.per_page, self.count)
        if start <= self.count // 2:
            return self._get_page(self.object_list[start:end], number, self)
        backwards = self.object_list.reverse()[self.count - end : self.count - start]
        return self._get_page(list(backwards)[::-1], number, self)
