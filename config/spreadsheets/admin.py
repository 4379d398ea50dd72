"""Import and export in the admin."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from import_export.admin import ExportActionMixin, ImportMixin
from import_export.forms import ExportForm
from import_export.results import Result

from config.spreadsheets.formats import CSV, XLSX

MOST_EXPORTED = 20_000  # rows


class SpreadsheetExportMixin(ExportActionMixin):
    """For a ModelAdmin: export of what the list shows, by its filters, or of the chosen rows."""

    export_formats = [CSV, XLSX]
    export_form_class = ExportForm
    change_form_template: Any = None
    show_change_form_export = False

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def export_admin_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        """Export the chosen rows; all that the filters show goes without a list of their keys."""
        if request.POST.get("select_across") == "1":
            address = reverse("admin:{}_{}_export".format(*self.get_model_info()))
            return redirect(f"{address}?{request.GET.urlencode()}")
        return super().export_admin_action(request, queryset)

    def get_data_for_export(self, request: HttpRequest, queryset: QuerySet, **kwargs: Any) -> Any:
        if queryset[MOST_EXPORTED:].exists():
            raise ValueError(
                _("These are more than %(limit)d rows. Choose fewer with the list's filters.")
                % {"limit": MOST_EXPORTED}
            )
        return super().get_data_for_export(request, queryset, **kwargs)

    def get_valid_export_item_pks(self, request: HttpRequest) -> Any:
        """Those that were chosen in the list; the library would read every key of the table."""
        chosen = [pk for pk in request.POST.getlist("export_items") if pk.isdecimal()]
        return self.get_queryset(request).filter(pk__in=chosen).values_list("pk", flat=True)


class SpreadsheetMixin(ImportMixin, SpreadsheetExportMixin):
    """For a ModelAdmin: import with a dry run, and export."""

    import_formats = [CSV, XLSX]
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    import_template_name = "admin/spreadsheets/import.html"

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_import_data_kwargs(**kwargs) | {"rollback_on_validation_errors": True}

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return super().process_import(request, **kwargs)
        except FileNotFoundError:
            return self._again(request, _("The file is no longer here. Choose it again."))

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        """All rows are imported or none; the library would say so of what it left out."""
        if result.has_errors() or result.has_validation_errors():
            text = _("Nothing was imported: something changed since. Choose the file again.")
            return self._again(request, text)
        return super().process_result(result, request)

    def _again(self, request: HttpRequest, text: str) -> HttpResponse:
        messages.error(request, text)
        return redirect("admin:{}_{}_import".format(*self.get_model_info()))
