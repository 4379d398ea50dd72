"""What Django's admin logs by itself, written to the log of the staff instead of its own."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from core.http import logged_in_user
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action, log_actions

ENTRIES_PER_PAGE = 100


class LoggingAdmin(admin.ModelAdmin):
    """Logs with the address of the request, and shows these entries as the object's history."""

    object_history_template = "admin/staff_log/history.html"

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        log_action(StaffAction.Kind.ADDED, obj, by=logged_in_user(request), message=message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        if message:  # empty if a form was saved without a change
            log_action(StaffAction.Kind.CHANGED, obj, by=logged_in_user(request), message=message)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Model]) -> Any:
        log_actions(StaffAction.Kind.DELETED, queryset, by=logged_in_user(request))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The entries about the object; Django's view checks who may see it."""
        obj = self.get_object(request, unquote(object_id))
        entries = StaffAction.objects.about(obj) if obj else StaffAction.objects.none()
        paginator = self.get_paginator(request, entries, ENTRIES_PER_PAGE)
        page = paginator.get_page(request.GET.get(PAGE_VAR))
        context = {
            "action_list": page,
            "page_range": paginator.get_elided_page_range(page.number),
            "pagination_required": paginator.num_pages > 1,
        }
        return super().history_view(request, object_id, context | (extra_context or {}))
