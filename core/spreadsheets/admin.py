"""Import and export in the admin."""

import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import ADDITION
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.core.signing import BadSignature
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from import_export.admin import ExportActionMixin, ImportMixin
from import_export.forms import ExportForm

from core.admin.stored_files import not_stored_message
from core.http import logged_in_user
from core.spreadsheets.archives import TooManyFilesError, detect_format
from core.spreadsheets.exporting import FORMATS
from core.spreadsheets.formats import CSV, XLSX
from core.spreadsheets.forms import ConfirmSheetForm, ReadingForm, SheetForm, describe_reading
from core.spreadsheets.importing import MAX_PROBLEMS, Report
from core.spreadsheets.models import SpreadsheetJob
from core.spreadsheets.reading import Reading
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action, log_actions
from core.uploads.forms import staff_scope, store_uploads
from core.uploads.models import StoredUpload
from core.uploads.services import MAX_NAME_LENGTH, delete_upload

logger = logging.getLogger(__name__)

MAX_IMMEDIATE_ROWS = 1_000  # of an export that is made while the user waits
MAX_UNFINISHED_JOBS = 5  # of a user, in one table
SHOWN_JOBS = 10


class SpreadsheetExportMixin(ExportActionMixin):
    """Adds export to a ModelAdmin: of the filtered list, or of the selected rows.

    The worker makes a long export. A ModelAdmin has no other mixin:
    `class InquiryAdmin(SpreadsheetExportMixin, ModelAdmin)`.
    """

    resource = ""  # the path of the resource class, which is imported when it is used
    export_formats = [CSV, XLSX]
    export_form_class = ExportForm
    export_template_name = "admin/spreadsheets/export.html"
    change_form_template: Any = None
    show_change_form_export = False

    def get_resource_classes(self, request: HttpRequest) -> list[Any]:
        return [import_string(self.resource)]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_urls(self) -> list[Any]:
        name = "{}_{}_spreadsheet_job".format(*self.get_model_info())
        return [
            path("jobs/<int:pk>/", self.admin_site.admin_view(self.job_view), name=name),
            path(
                "jobs/<int:pk>/download/",
                self.admin_site.admin_view(self.download_view),
                name=f"{name}_download",
            ),
            *super().get_urls(),
        ]

    def export_admin_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        """Export the selected rows; redirect to the export page for the whole filtered list."""
        if request.POST.get("select_across") == "1":
            url = reverse("admin:{}_{}_export".format(*self.get_model_info()))
            return redirect(f"{url}?{request.GET.urlencode()}")
        return super().export_admin_action(request, queryset)

    def _do_file_export(
        self, file_format: Any, request: HttpRequest, queryset: QuerySet, export_form: Any = None
    ) -> HttpResponse:
        """The file, or for a long list the page of the job that makes it.

        Raises ValueError with the reason if that is not possible.
        """
        by = logged_in_user(request)
        is_selection = export_form is not None and "export_items" in export_form.changed_data
        if is_selection or not queryset[MAX_IMMEDIATE_ROWS:].exists():
            try:
                response = super()._do_file_export(file_format, request, queryset, export_form)
            except TooManyFilesError:
                if is_selection:  # a job exports what the filters show
                    raise
            else:
                log_action(StaffAction.Kind.EXPORTED, by=by, model=self.model)
                return response
        job = self._make_job(
            request,
            kind=SpreadsheetJob.Kind.EXPORT,
            options={
                "query": request.GET.urlencode(),
                "format": file_format.get_extension(),
            },
            file_name=self.get_export_filename(request, queryset, file_format),
        )
        log_action(StaffAction.Kind.EXPORTED, by=by, model=self.model, message=job.file_name)
        return redirect(job.get_absolute_url())

    def _make_job(self, request: HttpRequest, **fields: Any) -> SpreadsheetJob:
        """Store a job for the worker; raises ValueError if the user has too many."""
        user = logged_in_user(request)
        if SpreadsheetJob.objects.of(user, self.model).unfinished().count() >= MAX_UNFINISHED_JOBS:
            raise ValueError(_("Wait until your other exports and imports are finished."))
        return SpreadsheetJob.objects.create(
            content_type=ContentType.objects.get_for_model(self.model),
            user=user,
            language=get_language() or settings.LANGUAGE_CODE,
            time_zone=timezone.get_current_timezone_name(),
            **fields,
        )

    def _get_job(self, request: HttpRequest, pk: int) -> SpreadsheetJob:
        """A job of the user; raises Http404 for others, PermissionDenied if it is not allowed."""
        job = get_object_or_404(
            SpreadsheetJob.objects.of(logged_in_user(request), self.model), pk=pk
        )
        is_allowed = (
            self.has_export_permission(request)
            if job.is_export
            else self.has_import_permission(request)
        )
        if not is_allowed:
            raise PermissionDenied
        return job

    def has_import_permission(self, request: HttpRequest) -> bool:
        return False

    def job_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the progress and the result of a job; a POST request cancels or deletes it."""
        job = self._get_job(request, pk)
        if request.method == "POST":
            return self._change_job(request, job)
        return TemplateResponse(
            request,
            "admin/spreadsheets/job.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Export") if job.is_export else _("Import"),
                "opts": self.opts,
                "job": job,
                "max_problems": MAX_PROBLEMS,
                **self._job_context(job),
            },
        )

    def _job_context(self, job: SpreadsheetJob) -> dict[str, Any]:
        return {}

    def _change_job(self, request: HttpRequest, job: SpreadsheetJob) -> HttpResponse:
        job.delete()
        messages.success(request, _("“%(name)s” was deleted.") % {"name": job.file_name})
        page = "export" if job.is_export else "import"
        return redirect("admin:{}_{}_{}".format(*self.get_model_info(), page))

    def download_view(self, request: HttpRequest, pk: int) -> FileResponse:
        """The file of a finished export."""
        job = self._get_job(request, pk)
        if not job.can_be_downloaded:
            raise Http404
        try:
            response = FileResponse(
                job.file.open(),
                as_attachment=True,
                filename=job.file_name,
                content_type=FORMATS[job.options["format"]]().get_content_type(),
            )
        except FileNotFoundError as error:
            raise Http404 from error
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def init_request_context_data(self, request: HttpRequest, form: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().init_request_context_data(request, form)
        return context | {"jobs": self._shown_jobs(request)}

    def _shown_jobs(self, request: HttpRequest) -> QuerySet[SpreadsheetJob]:
        jobs = SpreadsheetJob.objects.of(logged_in_user(request), self.model)
        return jobs.select_related("content_type")[:SHOWN_JOBS]

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
            "jobs": self._shown_jobs(request),
        }
        if is_sent and form.is_valid():
            if not form.is_long:
                context |= self._dry_run(request, form)
            else:
                try:
                    return redirect(self._check_in_worker(request, form).get_absolute_url())
                except ValueError as error:
                    form.add_error(None, str(error))
                except OSError:
                    logger.exception("A file cannot be stored for its import.")
                    form.add_error("import_file", not_stored_message())
        return TemplateResponse(request, self.import_template_name, context)

    def _dry_run(self, request: HttpRequest, form: SheetForm) -> dict[str, Any]:
        """Store the file and try to import it; returns what the page shows."""
        result = self._import_data(request, form.dataset, dry_run=True)
        reading = describe_reading(form.dataset.reading)
        context = {"result": result, "reading": reading, "notes": form.dataset.reading.notes}
        store_uploads([form], staff_scope(logged_in_user(request), request.path))
        stored = getattr(form.fields["import_file"].widget, "uploads", [])
        if not stored:
            form.add_error("import_file", not_stored_message())
        elif result.is_valid:
            chosen = {name: form.cleaned_data[name] for name in form.option_names}
            initial = {"import_file_name": stored[0].token, **chosen}
            context["confirm_form"] = ConfirmSheetForm(initial=initial)
        return context

    def _check_in_worker(self, request: HttpRequest, form: SheetForm) -> SpreadsheetJob:
        """Let the worker check a long file.

        Raises ValueError if the user has too many jobs, and OSError if the storage fails.
        """
        upload = form.cleaned_data["import_file"]
        upload.seek(0)
        with transaction.atomic():
            return self._make_job(
                request,
                kind=SpreadsheetJob.Kind.CHECK,
                options={name: form.cleaned_data[name] for name in ReadingForm.base_fields},
                file=File(upload.file, name="sheet"),
                file_name=str(upload.name)[-MAX_NAME_LENGTH:],
            )

    def _job_context(self, job: SpreadsheetJob) -> dict[str, Any]:
        """What the check of a file has found, and how else the file can be read."""
        if job.is_export or not job.report:
            return {}
        report = Report.from_json(job.report)
        context: dict[str, Any] = {"result": report.for_display()}
        if report.reading:
            reading = Reading(**report.reading)
            form = ReadingForm(initial=job.options)
            form.offer_options(reading)
            context |= {
                "form": form,
                "reading": describe_reading(reading),
                "notes": reading.notes,
            }
        return context

    def _change_job(self, request: HttpRequest, job: SpreadsheetJob) -> HttpResponse:
        """Import a file that was checked, check it again, or delete the job."""
        if "confirm" in request.POST and job.can_be_confirmed:
            report = Report(reading=job.report["reading"])
            job.begin(SpreadsheetJob.Kind.IMPORT, report=report.as_json())
        elif "check" in request.POST and job.kind == job.Kind.CHECK and not job.is_unfinished:
            form = ReadingForm(request.POST)
            form.is_valid()
            job.begin(SpreadsheetJob.Kind.CHECK, options=form.cleaned_data, report={})
        elif "delete" in request.POST:
            return super()._change_job(request, job)
        return redirect(job.get_absolute_url())

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
            if result.has_storage_error:
                text = _("Nothing was imported because the images could not be stored.")
            else:
                text = _(
                    "Nothing was imported because the data has changed in the "
                    "meantime. Select the file again."
                )
            return self._redirect_to_form(request, text)
        delete_upload(upload)
        return self.process_result(result, request)

    def _create_log_entry(
        self, user_pk: int, rows: Any, import_type: str, action_flag: int
    ) -> None:
        """Log the imported rows; called by the library for each kind of change."""
        kind = StaffAction.Kind.ADDED if action_flag == ADDITION else StaffAction.Kind.CHANGED
        by = User.objects.get(pk=user_pk)
        log_actions(kind, rows, by=by, message=_("Imported from a file."))

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
