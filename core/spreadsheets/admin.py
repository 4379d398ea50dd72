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

from core.spreadsheets.archives import MOST_FILES, MOST_MEGABYTES, ZIP
from core.spreadsheets.formats import CSV, XLSX

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


class SpreadsheetImportForm(ImportForm):
    """The sheet, or the ZIP file around it, of a size that may wait for the import."""

    def __init__(self, formats: list[Any], resources: list[Any], **kwargs: Any) -> None:
        super().__init__(formats, resources, **kwargs)
        if ZIP in formats:
            self.fields["import_file"].help_text = _(
                "A CSV or XLSX file. With pictures: a ZIP file with that file and, beside it,"
                " the pictures by the names that stand in it; up to %(files)d pictures and"
                " %(size)d MB."
            ) % {"files": MOST_FILES, "size": MOST_MEGABYTES}

    def clean_import_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["import_file"]
        if (upload.size or 0) > MOST_MEGABYTES * 1024 * 1024:
            text = _("This file has more than %(limit)d MB. Import it in parts.")
            raise ValidationError(text % {"limit": MOST_MEGABYTES})
        return upload


class SpreadsheetMixin(ImportMixin, SpreadsheetExportMixin):
    """For a ModelAdmin: import with a dry run, and export."""

    import_formats = [CSV, XLSX]
    import_form_class = SpreadsheetImportForm
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    import_template_name = "admin/spreadsheets/import.html"

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_import_data_kwargs(**kwargs) | {"rollback_on_validation_errors": True}

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The dry run; what cannot be imported does not wait for it."""
        response: TemplateResponse = super().import_action(request, **kwargs)
        waiting = getattr(request.FILES.get("import_file"), "tmp_storage_name", None)
        if waiting and "confirm_form" not in (response.context_data or {}):
            self.get_tmp_storage_class()(name=waiting).remove()
        return response

    def write_to_tmp_storage(self, import_file: UploadedFile, input_format: Any) -> Any:
        # The library joins a file's pieces one by one, which takes the square of their number.
        import_file.DEFAULT_CHUNK_SIZE = import_file.size or 1
        return super().write_to_tmp_storage(import_file, input_format)

    def add_data_read_fail_error_to_form(self, form: Form, e: Exception) -> None:
        if isinstance(e, ValidationError):  # in words of ours
            form.add_error("import_file", e)
        else:
            super().add_data_read_fail_error_to_form(form, e)

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return super().process_import(request, **kwargs)
        except FileNotFoundError:
            return self._again(request, _("The file is no longer here. Choose it again."))
        except ValidationError as error:
            return self._again(request, " ".join(error.messages))

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        """All rows are imported or none; the library would say so of what it left out."""
        if result.has_errors() or result.has_validation_errors():
            text = _("Nothing was imported: something changed since. Choose the file again.")
            return self._again(request, text)
        return super().process_result(result, request)

    def _again(self, request: HttpRequest, text: str) -> HttpResponse:
        messages.error(request, text)
        return redirect("admin:{}_{}_import".format(*self.get_model_info()))
