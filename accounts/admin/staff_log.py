"""The log of what staff did: filtered, exported, never changed."""

from itertools import chain
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.admin.read_only import ReadOnlyAdmin
from core.http import logged_in_user
from core.spreadsheets.streaming import csv_response
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action

MAX_EXPORTED_ROWS = 100_000
CHUNK_SIZE = 2000
COLUMNS = ["time", "user", "ip", "action", "kind", "object", "key", "details"]


class ObjectKindFilter(admin.SimpleListFilter):
    """The tables that the admin shows, instead of all that Django knows."""

    title = _("kind of object")
    parameter_name = "model"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        models = ContentType.objects.get_for_models(
            *admin.site._registry, for_concrete_models=False
        )
        names = [(str(kind.pk), kind.app_labeled_name) for kind in models.values()]
        return sorted(names, key=lambda choice: choice[1].casefold())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        if not value:
            return queryset
        return queryset.filter(content_type=value) if value.isdecimal() else queryset.none()


@admin.register(StaffAction)
class StaffActionAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "ip", "kind", "content_type", "subject", "details"]
    list_filter = ["kind", "user", ObjectKindFilter]
    list_select_related = ["user", "content_type"]
    list_display_links = None
    list_per_page = 100
    date_hierarchy = "at"
    sortable_by = ["at"]
    actions = None

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name="staff_log_staffaction_export"), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> Any:
        """The entries that the filters show as a CSV file, at most MAX_EXPORTED_ROWS of them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            entries = self.get_changelist_instance(request).queryset[:MAX_EXPORTED_ROWS]
        except IncorrectLookupParameters:
            return redirect("admin:staff_log_staffaction_changelist")
        log_action(StaffAction.Kind.EXPORTED, by=logged_in_user(request), model=StaffAction)
        rows = (_make_row(entry) for entry in entries.iterator(CHUNK_SIZE))
        return csv_response("staff-log.csv", chain([COLUMNS], rows))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        url = reverse("admin:staff_log_staffaction_export")
        context = {"export_url": f"{url}?{request.GET.urlencode()}"}
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description=_("user"))
    def actor(self, entry: StaffAction) -> str:
        return format_html("<bdi>{}</bdi>", entry.username or "–")

    @admin.display(description=_("object"))
    def subject(self, entry: StaffAction) -> str:
        url = entry.get_admin_url()
        if not url:
            return entry.object_repr or "–"
        return format_html('<a href="{}"><bdi>{}</bdi></a>', url, entry.object_repr)

    @admin.display(description=_("details"))
    def details(self, entry: StaffAction) -> str:
        return entry.get_change_message() or "–"


def _make_row(entry: StaffAction) -> list[Any]:
    kind = entry.content_type
    return [
        entry.at.isoformat(timespec="seconds"),
        entry.username,
        entry.ip or "",
        entry.kind,
        f"{kind.app_label}.{kind.model}" if kind else "",
        entry.object_repr,
        entry.object_id,
        entry.get_change_message(),
    ]
