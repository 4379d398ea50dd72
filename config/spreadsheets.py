"""Tables as CSV and XLSX files: what goes out harms no spreadsheet and comes back as it was."""

import csv
import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import tablib
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from import_export.admin import ExportActionMixin, ImportMixin
from import_export.fields import Field
from import_export.formats import base_formats
from import_export.forms import ExportForm
from import_export.resources import Diff, ModelResource
from import_export.results import Result, RowResult
from import_export.widgets import ForeignKeyWidget, ManyToManyWidget, Widget

MOST_EXPORTED = 20_000  # rows
MOST_IMPORTED = 2_000
LONGEST_CELL = 32_767  # what a cell of XLSX holds
LONGEST_CSV_CELL = 10 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024  # bytes of an XLSX file, which is a ZIP file
SHOWN = 160  # letters of a changed cell

csv.field_size_limit(LONGEST_CSV_CELL)  # Python's own limit is shorter than a long article

# A spreadsheet takes a cell that starts so for a formula. Quotes before it are ours, or were there.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
MADE_HARMLESS = re.compile(r"'+[=+\-@\t\r]")


def harmless(value: Any) -> Any:
    """A cell as it may be opened in a spreadsheet: `=1+1` becomes `'=1+1`."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def original(value: Any) -> Any:
    """What `harmless` was given."""
    return value[1:] if isinstance(value, str) and MADE_HARMLESS.match(value) else value


def _each_cell(dataset: tablib.Dataset, change: Callable[[Any], Any]) -> tablib.Dataset:
    rows = ([change(cell) for cell in row] for row in dataset)
    return tablib.Dataset(*rows, headers=dataset.headers)


def _present(data: bytes | None) -> bytes:
    """What was uploaded for the dry run; a cache forgets it after a while."""
    if data is None:
        raise FileNotFoundError
    return data


class CSV(base_formats.CSV):
    """In UTF-8 with a mark by which spreadsheets know it; line ends within cells stay."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> tablib.Dataset:
        text = _present(in_stream).decode("utf-8-sig")
        return _each_cell(super().create_dataset(text, **kwargs), original)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        text: str = super().export_data(_each_cell(dataset, harmless), **kwargs)
        return text.encode("utf-8-sig")


class XLSX(base_formats.XLSX):
    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        try:
            with ZipFile(BytesIO(_present(in_stream))) as packed:
                size = sum(entry.file_size for entry in packed.infolist())
        except BadZipFile as error:
            raise ValueError from error
        if size > MOST_UNPACKED:
            raise ValueError
        return _each_cell(super().create_dataset(in_stream), original)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        dataset = _each_cell(dataset, harmless)
        for number, row in enumerate(dataset, start=2):
            for name, cell in zip(dataset.headers, row, strict=True):
                if isinstance(cell, str) and len(cell) > LONGEST_CELL:
                    where = {"row": number, "column": name, "limit": LONGEST_CELL}
                    raise ValueError(
                        _(
                            "Row %(row)d, column %(column)s has more than the %(limit)d letters"
                            " that an XLSX cell holds. Choose CSV."
                        )
                        % where
                    )
        data: bytes = super().export_data(dataset, **kwargs)
        return data


class TextField(Field):
    """Text, of which a missing and an empty one are the same."""

    def get_value(self, instance: Model, **kwargs: Any) -> Any:
        return super().get_value(instance, **kwargs) or ""


class TimeWidget(Widget):
    """`2021-03-02 09:02:31+08:00`; without its end, a time is in the site's time zone."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> datetime | None:
        if value in (None, ""):
            return None
        try:
            time = value if isinstance(value, datetime) else parse_datetime(str(value).strip())
        except ValueError:
            time = None
        if time is None:
            raise ValueError(
                _("“%(value)s” is no date and time as in 2021-03-02 09:02:31+08:00.")
                % {"value": value}
            )
        zone = timezone.get_default_timezone()
        return time if timezone.is_aware(time) else timezone.make_aware(time, zone)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        if value is None:
            return ""
        local = timezone.localtime(value, timezone.get_default_timezone())
        return local.isoformat(sep=" ", timespec="seconds")


class BySlugWidget(ForeignKeyWidget):
    """A row of another table, named by its slug."""

    def __init__(self, model: type[Model]) -> None:
        super().__init__(model, field="slug")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        try:
            return super().clean(value, row, **kwargs)
        except self.model.DoesNotExist as error:
            raise ValueError(_("Nothing has the address “%s”.") % value) from error


class SlugsWidget(ManyToManyWidget):
    """Rows of another table, named by their slugs with commas between them."""

    def __init__(self, model: type[Model]) -> None:
        super().__init__(model, separator=", ", field="slug")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[Any]:
        slugs = [slug for part in str(value or "").split(",") if (slug := part.strip())]
        found = {row.slug: row for row in self.model._default_manager.filter(slug__in=slugs)}
        for slug in slugs:
            if slug not in found:
                raise ValueError(_("Nothing has the address “%s”.") % slug)
        return [found[slug] for slug in slugs]


class ChangedCells(Diff):
    """The cells that an import changes, without the inline styles that our pages do not allow."""

    def as_html(self) -> list[str]:
        cells = []
        for before, after in zip(self.left, self.right, strict=True):
            was = "" if self.new else format_html("<del>{}</del> ", _shown(before))
            is_changed = after if self.new else before != after
            cells.append(format_html("{}<ins>{}</ins>", was, _shown(after)) if is_changed else "")
        return cells


def _shown(value: Any) -> str:
    return Truncator(str(value or "")).chars(SHOWN)


class SpreadsheetResource(ModelResource):
    """A table whose rows are told apart by their slug, and checked as the admin's form does."""

    class Meta:
        import_id_fields = ["slug"]
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True

    @classmethod
    def get_diff_class(cls) -> type[Diff]:
        return ChangedCells

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        if len(dataset) > MOST_IMPORTED:
            raise ValidationError(
                _("The file has more than %(limit)d rows. Import it in parts.")
                % {"limit": MOST_IMPORTED}
            )
        known = {field.column_name for field in self.get_import_fields()}
        if unknown := [str(name) for name in dataset.headers or [] if name not in known]:
            raise ValidationError(_("No column is called %s.") % ", ".join(unknown))

    def import_instance(self, instance: Model, row: Any, **kwargs: Any) -> None:
        """Read every cell; the library reads those that name several rows when it is too late."""
        errors: dict[str, Any] = {}
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        for field in self.get_import_fields():
            if isinstance(field.widget, SlugsWidget) and field.column_name in row:
                try:
                    field.clean(row, **kwargs)
                except ValueError as error:
                    errors[field.attribute] = ValidationError(str(error))
        if errors:
            raise ValidationError(errors)

    def after_import_row(self, row: Any, row_result: RowResult, **kwargs: Any) -> None:
        names = [field.column_name for field in self.get_import_fields()]
        cells = zip(names, row_result.diff or [], strict=False)
        row_result.changes = [(name, cell) for name, cell in cells if cell]


class SpreadsheetMixin(ImportMixin, ExportActionMixin):
    """For a ModelAdmin: import with a dry run, export of what the list shows or of the chosen."""

    import_formats = export_formats = [CSV, XLSX]
    export_form_class = ExportForm
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    import_template_name = "admin/spreadsheets/import.html"
    change_form_template: Any = None
    show_change_form_export = False

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_data_for_export(self, request: HttpRequest, queryset: QuerySet, **kwargs: Any) -> Any:
        if queryset[MOST_EXPORTED:].exists():
            raise ValueError(
                _("These are more than %(limit)d rows. Choose fewer with the list's filters.")
                % {"limit": MOST_EXPORTED}
            )
        return super().get_data_for_export(request, queryset, **kwargs)

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

    def get_valid_export_item_pks(self, request: HttpRequest) -> Any:
        """Those that were chosen in the list; the library would read every key of the table."""
        chosen = [pk for pk in request.POST.getlist("export_items") if pk.isdecimal()]
        return self.get_queryset(request).filter(pk__in=chosen).values_list("pk", flat=True)
