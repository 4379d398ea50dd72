"""The list of inquiries."""

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property

from contacts.models import Company, Contact
from core.admin.lists import BoundedChangeList
from inquiries.admin import displays
from inquiries.admin.assignees import assignee_labels
from inquiries.admin.conflicts import ListSnapshot


class InquiryChangeList(BoundedChangeList):
    """Queries office hours and absences once for all rows; has a snapshot for the actions."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        assignees = {inquiry.assigned_to_id for inquiry in self.result_list} - {None}
        labels = assignee_labels(Contact.objects.filter(pk__in=assignees))
        bound: dict[Any, Any] = {
            displays.due: _bind(displays.due, office_hours=Company.current().office_hours),
            displays.assignee: _bind(displays.assignee, labels=labels),
        }
        self.list_display = [bound.get(column, column) for column in self.list_display]
        self.sortable_by = [bound.get(column, column) for column in self.sortable_by or ()]

    @cached_property
    def snapshot(self) -> ListSnapshot:
        return ListSnapshot.of(self.result_list)


def _bind(column: Callable[..., str], **values: Any) -> Callable[..., str]:
    """The column with these keyword arguments, and the same name and heading."""
    return update_wrapper(partial(column, **values), column)
