"""Import and export in the admin."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from import_export.admin import ExportActionMixin, ImportMixin
from import_export.forms import ExportForm, ImportForm
from import_export.results import Result

from core.spreadsheets.archives import MAX_FILES, MAX_MEGABYTES, ZIP
from core.spreadsheets.formats import CSV, XLSX

MAX_EXPORTED_ROWS = 20_000


class SpreadsheetExportMixin(ExportActionMixin):
    """Adds export to a ModelAdmin: of the filtered list, or of the selected rows.

    A ModelAdmin has no other mixin: `class InquiryAdmin(SpreadsheetExportMixin, ModelAdmin)`.
    """

    export_formats = [CSV, XLSX]
    export_form_class = ExportForm
    change_form_template: Any = None
    show_change_form_export = False

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def export_admin_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        """Export the selected rows; redirect to the export page for the whole filtered list."""
        if request.POST.get("select_across") == "1":
            url = reverse("admin:{}_{}_export".format(*self.get_model_info()))
            return redirect(f"{url}?{request.GET.urlencode()}")
        return super().export_admin_action(request, queryset)

    def get_data_for_export(self, request: HttpRequest, queryset: QuerySet, **kwargs: Any) -> Any:
        if queryset[MAX_EXPORTED_ROWS:].exists():
            raise ValueError(
                _("More than %(limit)d rows selected. Use the list filters to reduce the number.")
                % {"limit": MAX_EXPORTED_ROWS}
            )
        return super().get_data_for_export(request, queryset, **kwargs)

    def get_valid_export_item_pks(self, request: HttpRequest) -> Any:
        """The rows selected in the list; the library would read every key of the table."""
        selected = [pk for pk in request.POST.getlist("export_items") if pk.isdecimal()]
        return self.get_queryset(request).filter(pk__in=selected).values_list("pk", flat=True)


class SpreadsheetImportForm(ImportForm):
    """A sheet, or a ZIP file with one, up to MAX_MEGABYTES large."""

    def __init__(self, formats: list[Any], resources: list[Any], **kwargs: Any) -> None:
        super().__init__(formats, resources, **kwargs)
        if ZIP in formats:
            self.fields["import_file"].help_text = _(
                "A CSV or XLSX file. To import images, upload a ZIP file that "
                "contains this file and the images named in it: up to %(files)d "
                "images and %(size)d MB."
            ) % {"files": MAX_FILES, "size": MAX_MEGABYTES}

    def clean_import_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["import_file"]
        if (upload.size or 0) > MAX_MEGABYTES * 1024 * 1024:
            text = _("This file is larger than %(limit)d MB. Import it in parts.")
            raise ValidationError(text % {"limit": MAX_MEGABYTES})
        return upload


class SpreadsheetMixin(ImportMixin, SpreadsheetExportMixin):
    """Adds import with a dry run, and export, to a ModelAdmin that has no other mixin."""

    import_formats = [CSV, XLSX]
    import_form_class = SpreadsheetImportForm
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    import_template_name = "admin/spreadsheets/import.html"

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_import_data_kwargs(**kwargs) | {"rollback_on_validation_errors": True}

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the dry run, and delete the stored copy of a file that cannot be imported."""
        response: TemplateResponse = super().import_action(request, **kwargs)
        stored_name = getattr(request.FILES.get("import_file"), "tmp_storage_name", None)
        if stored_name and "confirm_form" not in (response.context_data or {}):
            self.get_tmp_storage_class()(name=stored_name).remove()
        return response

    def write_to_tmp_storage(self, import_file: UploadedFile, input_format: Any) -> Any:
        # The library joins chunks one by one, which takes quadratic time.
        import_file.DEFAULT_CHUNK_SIZE = import_file.size or 1
        return super().write_to_tmp_storage(import_file, input_format)

    def add_data_read_fail_error_to_form(self, form: Form, e: Exception) -> None:
        if isinstance(e, ValidationError):  # raised by our own formats
            form.add_error("import_file", e)
        else:
            super().add_data_read_fail_error_to_form(form, e)

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return super().process_import(request, **kwargs)
        except FileNotFoundError:
            return self._redirect_to_form(
                request, _("The uploaded file is no longer available. Select it again.")
            )
        except ValidationError as error:
            return self._redirect_to_form(request, " ".join(error.messages))

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        """Import all rows or none; the library would report success for the rows it skipped."""
        if result.has_errors() or result.has_validation_errors():
            text = _(
                "Nothing was imported because the data has changed in the "
                "meantime. Select the file again."
            )
            return self._redirect_to_form(request, text)
        return super().process_result(result, request)

    def _redirect_to_form(self, request: HttpRequest, text: str) -> HttpResponse:
        messages.error(request, text)
        return redirect("admin:{}_{}_import".format(*self.get_model_info()))
