"""Import and export in the admin."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from import_export.admin import ExportActionMixin, ImportMixin
from import_export.forms import ExportForm

from core.http import logged_in_user
from core.spreadsheets.archives import detect_format
from core.spreadsheets.formats import CSV, XLSX
from core.spreadsheets.forms import ConfirmSheetForm, SheetForm, describe_reading
from core.uploads.forms import staff_scope, store_uploads
from core.uploads.models import StoredUpload
from core.uploads.services import delete_upload

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


class SpreadsheetMixin(ImportMixin, SpreadsheetExportMixin):
    """Adds import with a dry run, and export, to a ModelAdmin that has no other mixin."""

    import_formats = [CSV, XLSX]
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    import_template_name = "admin/spreadsheets/import.html"

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def get_urls(self) -> list[Any]:
        name = "{}_{}_import_sample".format(*self.get_model_info())
        view = self.admin_site.admin_view(self.sample_view)
        return [path("import/sample.<str:extension>", view, name=name), *super().get_urls()]

    def sample_view(self, request: HttpRequest, extension: str) -> HttpResponse:
        """Download a sheet with all columns, an explanation of them, and example rows."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        formats: dict[str, type[CSV | XLSX]] = {"csv": CSV, "xlsx": XLSX}
        if extension not in formats:
            raise Http404
        sheet_format = formats[extension]()
        data = sheet_format.export_data(self._import_resource(request).sample())
        name = f"{self.model._meta.model_name}-sample.{extension}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(data, content_type=sheet_format.get_content_type(), headers=headers)

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show what the import of a file would change, or its errors; the file is stored."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        is_sent = request.method == "POST"
        form = SheetForm(
            request.POST if is_sent else None,
            request.FILES if is_sent else None,
            formats=self.import_formats,
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import"),
            "form": form,
            "opts": self.opts,
            "sample_url_name": "admin:{}_{}_import_sample".format(*self.get_model_info()),
        }
        if is_sent and form.is_valid():
            context |= self._dry_run(request, form)
        return TemplateResponse(request, self.import_template_name, context)

    def _dry_run(self, request: HttpRequest, form: SheetForm) -> dict[str, Any]:
        """Store the file and try to import it; returns what the page shows."""
        result = self._import_data(request, form.dataset, dry_run=True)
        reading = describe_reading(form.dataset.reading)
        context = {"result": result, "reading": reading, "notes": form.dataset.reading.notes}
        store_uploads([form], staff_scope(logged_in_user(request), request.path))
        stored = getattr(form.fields["import_file"].widget, "uploads", [])
        if not stored:
            form.add_error("import_file", _("The file could not be stored. Try again later."))
        elif result.is_valid:
            chosen = {name: form.cleaned_data[name] for name in form.option_names}
            initial = {"import_file_name": stored[0].token, **chosen}
            context["confirm_form"] = ConfirmSheetForm(initial=initial)
        return context

    @method_decorator(require_POST)
    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Import the stored file that the user has confirmed: all rows or none."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = ConfirmSheetForm(request.POST)
        form.is_valid()
        token = form.cleaned_data.get("import_file_name", "")
        try:
            scope = staff_scope(logged_in_user(request), self._import_url())
            upload = StoredUpload.objects.get_by_token(token, scope)
            with upload.file.open() as file:
                data = file.read()
        except (BadSignature, StoredUpload.DoesNotExist, OSError):
            text = _("The uploaded file is no longer available. Select it again.")
            return self._redirect_to_form(request, text)
        try:
            dataset = detect_format(data)().create_dataset(data, form.options)
        except ValidationError as error:
            return self._redirect_to_form(request, " ".join(error.messages))
        result = self._import_data(request, dataset, dry_run=False)
        if not result.is_valid:
            text = _(
                "Nothing was imported because the data has changed in the "
                "meantime. Select the file again."
            )
            return self._redirect_to_form(request, text)
        delete_upload(upload)
        return self.process_result(result, request)

    def _import_resource(self, request: HttpRequest) -> Any:
        return self.get_import_resource_classes(request)[0]()

    def _import_data(self, request: HttpRequest, dataset: Any, *, dry_run: bool) -> Any:
        return self._import_resource(request).import_data(
            dataset,
            dry_run=dry_run,
            user=request.user,
            rollback_on_validation_errors=True,
            retain_instance_in_row_result=not dry_run,
        )

    def _import_url(self) -> str:
        return reverse("admin:{}_{}_import".format(*self.get_model_info()))

    def _redirect_to_form(self, request: HttpRequest, text: str) -> HttpResponse:
        messages.error(request, text)
        return redirect(self._import_url())
