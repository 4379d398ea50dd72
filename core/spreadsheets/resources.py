"""Importing and exporting rows."""

import logging
from collections.abc import Sequence
from datetime import date, time
from typing import Any

import tablib
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db.models import BooleanField, IntegerField, Model
from django.utils import translation
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import Diff, ModelResource
from import_export.results import InvalidRow, Result, RowResult
from modeltranslation.utils import build_localized_fieldname

from core.spreadsheets.matching import RowMatcher
from core.spreadsheets.problems import Problem, describe_found, reasons
from core.spreadsheets.reading import NOTE_MARK, Reading
from core.spreadsheets.widgets import (
    CategoryWidget,
    ChoiceWidget,
    ItemsWidget,
    TimeWidget,
    WholeNumberWidget,
    YesNoWidget,
)
from core.storage import new_files
from core.text.normalizing import clean_line, remove_invisible

logger = logging.getLogger(__name__)

MAX_SHOWN_CELL_LENGTH = 160
MAX_LINE_LENGTH = 500  # characters of a name or another short text


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
    """The result of one row, with the headings and HTML of its changed cells."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[tuple[str, str]] = []


class ImportResult(Result):
    """The result of an import, with its errors in words, and the files that no row uses."""

    def __init__(self) -> None:
        super().__init__()
        self.unused_files: list[str] = []
        self.problems: list[Problem] = []

    @property
    def is_valid(self) -> bool:
        return not (self.has_errors() or self.has_validation_errors())

    @property
    def has_storage_error(self) -> bool:
        """Whether a file of a row could not be stored."""
        errors = [error for _number, errors in self.row_errors() for error in errors]
        return any(isinstance(error.error, OSError) for error in errors)

    @property
    def general_problems(self) -> list[str]:
        """The errors that concern the whole file."""
        return [reason for error in self.base_errors for reason in _messages(error.error)]


class SpreadsheetResource(ModelResource):
    """A table whose rows are validated like the form of the admin.

    A row belongs to the object with its slug. Without a slug, `identifier` (a unique column) and
    `title` (translated) are compared; see RowMatcher. The names of columns, and the labels of the
    form in any language of the site, are the headings.
    """

    identifier = ""
    title = "title"
    related_to_import: Sequence[str] = ()  # relations that are read with the objects of rows

    class Meta:
        import_id_fields: list[str] = []
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.headings: dict[str, str] = {}  # in the imported file, by column
        self.reading = Reading()
        self.matcher: RowMatcher | None = None
        # The numbers of rows by what they describe, if the sheet is imported in parts.
        self.earlier_rows: dict[Any, int] | None = None

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> Field:
        field: Field = super().field_from_django_field(field_name, django_field, readonly)
        if isinstance(django_field, IntegerField):
            field.widget = WholeNumberWidget()
        elif isinstance(django_field, BooleanField):
            field.widget = YesNoWidget()
        elif django_field.choices:
            field.widget = ChoiceWidget(django_field)
        return field

    @classmethod
    def get_diff_class(cls) -> type[Diff]:
        return ChangedCells

    @classmethod
    def get_result_class(cls) -> type[Result]:
        return ImportResult

    @classmethod
    def get_row_result_class(cls) -> type[RowResult]:
        return ImportRowResult

    def import_data(self, dataset: tablib.Dataset, **options: Any) -> ImportResult:
        """Import all rows; the files of rows that are rolled back are deleted."""
        with new_files() as files:
            result: ImportResult = super().import_data(dataset, **options)
            if not result.is_valid:
                files.delete()
        return result

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        self.reading = getattr(dataset, "reading", Reading())
        try:
            self._name_columns(dataset)
        except ValidationError:
            dataset.wipe()  # the library would go on with the rows
            raise
        if self.earlier_rows is None:
            self.matcher = self._make_matcher(dataset)
        elif self.matcher:
            self.matcher.forget()
        for field in self.fields.values():
            if isinstance(field.widget, WholeNumberWidget):
                field.widget.decimal_separator = self.reading.decimal
            elif isinstance(field.widget, CategoryWidget):
                field.widget.reset()

    def match_ahead(self, dataset: tablib.Dataset) -> None:
        """Find the objects of many rows, of which some at a time are imported next.

        Raises ValidationError if a heading is not known.
        """
        if self.earlier_rows is None:
            self.earlier_rows = {}
        self._name_columns(dataset)
        self.matcher = self._make_matcher(dataset)

    def _make_matcher(self, dataset: tablib.Dataset) -> RowMatcher:
        titles = [build_localized_fieldname(self.title, code) for code in _languages()]
        return RowMatcher(
            self.get_queryset(),
            dataset,
            self.identifier,
            titles,
            self.earlier_rows,
            self.related_to_import,
        )

    def _name_columns(self, dataset: tablib.Dataset) -> None:
        """Replace the headings by the names of columns; raises ValidationError for unknown ones."""
        known = self._columns_by_heading()
        headings = dataset.headers or []
        if not headings:
            raise ValidationError(_("The file has no rows."))
        if not len(dataset):
            raise ValidationError(_("The file has no rows below its headings."))
        columns: list[str] = []
        unknown: list[str] = []
        for number, heading in enumerate(headings, start=1):
            column = known.get(_heading_key(heading), "")
            if not heading:
                text = _("Column %(number)d has no heading.")
                raise ValidationError(text % {"number": number})
            if not column:
                unknown.append(heading)
            elif column in columns:
                text = _("The columns “%(first)s” and “%(second)s” have the same meaning.")
                names = {"first": headings[columns.index(column)], "second": heading}
                raise ValidationError(text % names)
            columns.append(column)
        if unknown:
            text = _("Unknown column: %s. The sample file shows all columns.")
            raise ValidationError(text % ", ".join(unknown))
        self.headings = dict(zip(columns, headings, strict=True))
        dataset.headers = columns

    def _columns_by_heading(self) -> dict[str, str]:
        """The columns by their names and by their labels in all languages of the site."""
        columns: dict[str, str] = {}
        fields = self.get_import_fields()
        default_suffix = build_localized_fieldname("", settings.LANGUAGE_CODE)
        for field in fields:
            column = str(field.column_name)
            columns[_heading_key(column)] = column
            columns.setdefault(_heading_key(column.removesuffix(default_suffix)), column)
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                for field in fields:
                    if label := self._label(field):
                        columns.setdefault(_heading_key(label), str(field.column_name))
                        label = label.removesuffix(f" [{settings.LANGUAGE_CODE}]")
                        columns.setdefault(_heading_key(label), str(field.column_name))
        return columns

    def _label(self, field: Field) -> str:
        """What the form of the admin calls the field; empty for one that is not of the model."""
        model_field = self._model_field(str(field.attribute))
        return str(model_field.verbose_name) if model_field is not None else ""

    def _model_field(self, name: str) -> Any:
        try:
            model_field = self._meta.model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        return model_field if hasattr(model_field, "verbose_name") else None

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        self.row_number = self._number_in_file(kwargs["row_number"])
        for column, cell in row.items():
            if isinstance(cell, str):
                is_line = "\n" not in cell and len(cell) <= MAX_LINE_LENGTH
                row[column] = clean_line(cell) if is_line else cell.strip()

    def _number_in_file(self, number: int) -> int:
        numbers = self.reading.row_numbers
        return numbers[number - 1] if number <= len(numbers) else number + 1

    def get_instance(self, instance_loader: Any, row: Any) -> Model | None:
        instance = self.matcher.find(row, self.row_number) if self.matcher else None
        if instance and "slug" in row and not row["slug"]:
            row["slug"] = getattr(instance, "slug", "")
        return instance

    def import_field(
        self, field: Field, instance: Model, row: Any, is_m2m: bool = False, **kwargs: Any
    ) -> None:
        """Read a cell; raises ValueError for a text that a spreadsheet program made a date."""
        if isinstance(row.get(field.column_name), date | time) and not isinstance(
            field.widget, TimeWidget
        ):
            raise ValueError(
                _("The spreadsheet program has turned this cell into a date. Make it a text.")
            )
        super().import_field(field, instance, row, is_m2m, **kwargs)

    def import_instance(self, instance: Model, row: Any, **kwargs: Any) -> None:
        """Validate every cell; the library reads many-to-many cells only after saving the row."""
        errors: dict[str, Any] = {}
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        for field in self.get_import_fields():
            if isinstance(field.widget, ItemsWidget) and field.column_name in row:
                try:
                    field.clean(row, **kwargs)
                except ValueError as error:
                    errors[field.attribute] = ValidationError(str(error))
        if errors:
            raise ValidationError(errors)

    def after_import_row(self, row: Any, row_result: Any, **kwargs: Any) -> None:
        names = [str(field.column_name) for field in self.get_import_fields()]
        cells = zip(names, row_result.diff or [], strict=False)
        row_result.changes = [(self.headings.get(name, name), cell) for name, cell in cells if cell]

    def after_import(self, dataset: tablib.Dataset, result: Any, **kwargs: Any) -> None:
        files = getattr(dataset, "files", None)
        result.unused_files = files.unread if files else []
        for row in result.invalid_rows:
            result.problems += self._problems(row, result.diff_headers)
        for number, errors in result.row_errors():
            for error in errors:
                logger.error("A row of a sheet cannot be imported.", exc_info=error.error)
            text = _("This row cannot be imported. Compare it with the sample file.")
            result.problems.append(Problem(self._number_in_file(number), "", "", text))
        result.problems.sort(key=lambda problem: problem.row)

    def _problems(self, row: InvalidRow, columns: list[str]) -> list[Problem]:
        number = self._number_in_file(row.number)
        cells = dict(zip(columns, row.values, strict=False))
        is_of_cells = hasattr(row.error, "error_dict")
        by_name = row.error.error_dict if is_of_cells else {NON_FIELD_ERRORS: [row.error]}
        problems = []
        for name, errors in by_name.items():
            column = self._column(name) if name != NON_FIELD_ERRORS else ""
            found = describe_found(cells.get(column)) if column in self.headings else ""
            heading = self.headings.get(column, column)
            reason = " ".join(reasons(errors, self._model_field(name)))
            problems.append(Problem(number, heading, found, reason))
        return problems

    def _column(self, name: str) -> str:
        """The column of a model field, also of one that is named without its language."""
        for field in self.get_import_fields():
            if name in (field.attribute, field.column_name):
                return str(field.column_name)
        return build_localized_fieldname(name, settings.LANGUAGE_CODE)

    def sample(self) -> tablib.Dataset:
        """A sheet with all columns, a row that explains them and is not imported, and examples."""
        columns = [str(field.column_name) for field in self.get_import_fields()]
        notes = [self.explain(field) for field in self.get_import_fields()]
        rows = [[_sample_cell(row, column) for column in columns] for row in self.get_sample_rows()]
        return tablib.Dataset([NOTE_MARK + notes[0], *notes[1:]], *rows, headers=columns)

    def explain(self, field: Field) -> str:
        """What belongs into the column of a field, from the labels and hints of the form."""
        if isinstance(field.widget, CategoryWidget):
            return _("Category: its name or path, such as: Crushers > Jaw crushers")
        model_field = self._model_field(str(field.attribute))
        if model_field is None:
            return ""
        parts = [str(model_field.verbose_name), str(model_field.help_text)]
        if model_field.choices:
            parts.append(", ".join(value for value, _label in model_field.flatchoices))
        return ": ".join(part for part in parts if part)

    def get_sample_rows(self) -> list[dict[str, Any]]:
        """The examples, in the order of the sheet, as cells by column."""
        return []


def _sample_cell(row: dict[str, Any], column: str) -> Any:
    """The cell of an example, which is in English on a site without English too."""
    first = build_localized_fieldname("", settings.LANGUAGE_CODE)
    if "en" not in settings.MODELTRANSLATION_LANGUAGES and column.endswith(first):
        column = column.removesuffix(first) + "_en"
    return row.get(column, "")


def _languages() -> list[str]:
    """The languages of content, the site's default first."""
    others = [
        code for code in settings.MODELTRANSLATION_LANGUAGES if code != settings.LANGUAGE_CODE
    ]
    return [settings.LANGUAGE_CODE, *others]


def _heading_key(heading: str) -> str:
    """A heading without the differences of case and spacing, and without a mark for required."""
    heading = remove_invisible(str(heading))
    return " ".join(heading.replace("_", " ").replace("*", " ").split()).casefold()


def _messages(error: Exception) -> list[str]:
    """What the user reads of an error of the whole file."""
    if isinstance(error, ValidationError):
        return [str(message) for message in error.messages]
    logger.error("A sheet cannot be imported.", exc_info=error)
    return [_("The file cannot be imported. Compare it with the sample file.")]
