"""Importing and exporting rows that are identified by their slug."""

from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from import_export.resources import Diff, ModelResource
from import_export.results import Result, RowResult

from core.spreadsheets.widgets import SlugsWidget

MAX_IMPORTED_ROWS = 2_000
MAX_SHOWN_CELL_LENGTH = 160


class ChangedCells(Diff):
    """The cells that an import changes, as HTML without inline styles, which the CSP forbids."""

    def as_html(self) -> list[str]:
        cells = []
        for before, after in zip(self.left, self.right, strict=True):
            was = "" if self.new else format_html("<del>{}</del> ", _shown(before))
            is_changed = after if self.new else before != after
            cells.append(format_html("{}<ins>{}</ins>", was, _shown(after)) if is_changed else "")
        return cells


def _shown(value: Any) -> str:
    return Truncator(str(value or "")).chars(MAX_SHOWN_CELL_LENGTH)


class ImportRowResult(RowResult):
    """The result of one row, with the names and HTML of its changed cells."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[tuple[str, str]] = []


class ImportResult(Result):
    """The result of an import, with the names of the files in the ZIP file that no row uses."""

    def __init__(self) -> None:
        super().__init__()
        self.unused_files: list[str] = []


class SpreadsheetResource(ModelResource):
    """A table whose rows are identified by slug and validated like the form of the admin."""

    class Meta:
        import_id_fields = ["slug"]
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True

    @classmethod
    def get_diff_class(cls) -> type[Diff]:
        return ChangedCells

    @classmethod
    def get_result_class(cls) -> type[Result]:
        return ImportResult

    @classmethod
    def get_row_result_class(cls) -> type[RowResult]:
        return ImportRowResult

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        if len(dataset) > MAX_IMPORTED_ROWS:
            raise ValidationError(
                _("The file has more than %(limit)d rows. Import it in parts.")
                % {"limit": MAX_IMPORTED_ROWS}
            )
        known = {field.column_name for field in self.get_import_fields()}
        if unknown := [str(name) for name in dataset.headers or [] if name not in known]:
            raise ValidationError(_("Unknown column: %s.") % ", ".join(unknown))

    def after_import(self, dataset: tablib.Dataset, result: Any, **kwargs: Any) -> None:
        files = getattr(dataset, "files", None)
        result.unused_files = files.unread if files else []

    def import_instance(self, instance: Model, row: Any, **kwargs: Any) -> None:
        """Validate every cell; the library reads many-to-many cells only after saving the row."""
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

    def after_import_row(self, row: Any, row_result: Any, **kwargs: Any) -> None:
        names = [field.column_name for field in self.get_import_fields()]
        cells = zip(names, row_result.diff or [], strict=False)
        row_result.changes = [(name, cell) for name, cell in cells if cell]
