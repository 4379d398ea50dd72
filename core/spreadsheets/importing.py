"""Checking and importing a long sheet, batch by batch, in bounded memory.

Every batch is a transaction of its own, so that others can save meanwhile. A check rolls each back.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any, NamedTuple, Self

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from core.spreadsheets.archives import open_sheet
from core.spreadsheets.exporting import Progress
from core.spreadsheets.problems import Problem
from core.spreadsheets.reading import (
    DecimalSigns,
    NumberedRow,
    Reading,
    ReadingOptions,
    Sheet,
    TooManyRowsError,
    make_dataset,
)
from core.spreadsheets.resources import ImportResult, SpreadsheetResource
from core.spreadsheets.widgets import ItemsWidget

MAX_IMPORTED_ROWS = 100_000
BATCH = 50  # rows
MATCHED_AHEAD = 2_000  # rows, whose objects are found by reading the table once
MAX_PROBLEMS = 200  # after which a check ends
MAX_CHANGES = 100  # rows that are shown before an import
ROWS_BETWEEN_SIGNS = 1_000  # while the rows are counted
PAUSE = 0.05  # seconds between batches, in which others get the lock of SQLite


class ChangedRow(NamedTuple):
    """A row that an import changes, with the headings and HTML of its changed cells."""

    import_type: str
    object_repr: str
    changes: list[tuple[str, SafeString]]


@dataclass
class Report:
    """What a check or an import has found so far; stored as JSON."""

    totals: dict[str, int] = field(default_factory=dict)  # by the kinds of the library
    changes: list[Any] = field(default_factory=list)  # kind, name and changed cells of a row
    problems: list[Any] = field(default_factory=list)
    general_problems: list[str] = field(default_factory=list)
    unused_files: list[str] = field(default_factory=list)
    reading: dict[str, Any] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        return not (self.problems or self.general_problems)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def add(self, result: ImportResult) -> None:
        """Add the result of a batch."""
        for kind, number in result.totals.items():
            if number:
                self.totals[kind] = self.totals.get(kind, 0) + number
        self.general_problems += result.general_problems
        for problem in result.problems[: MAX_PROBLEMS - len(self.problems)]:
            self.problems.append([problem.row, *map(str, problem[1:])])
        changed = (row for row in result.valid_rows() if row.import_type != row.IMPORT_TYPE_SKIP)
        for row in islice(changed, MAX_CHANGES - len(self.changes)):
            cells = [[heading, str(cell)] for heading, cell in row.changes]
            self.changes.append([row.import_type, str(row.object_repr), cells])

    def for_display(self) -> "Report":
        """A copy for the templates that also show an ImportResult."""
        return replace(self, problems=[Problem(*problem) for problem in self.problems])

    @property
    def valid_rows(self) -> list[ChangedRow]:
        """The rows of `changes`; ChangedCells has escaped their cells."""
        return [
            ChangedRow(kind, name, [(heading, mark_safe(cell)) for heading, cell in cells])  # noqa: S308
            for kind, name, cells in self.changes
        ]


class SheetImport:
    """The import of a file as one of `request.user`."""

    def __init__(
        self, admin: Any, request: HttpRequest, data: bytes, options: ReadingOptions
    ) -> None:
        self.admin, self.request = admin, request
        self.data, self.options = data, options
        self.resource: SpreadsheetResource = admin.get_import_resource_classes(request)[0]()

    def check(self, progress: Progress) -> Report:
        """Try to import all rows; returns what would change, or the problems.

        Raises ValidationError for a file that cannot be read.
        """
        report = Report()
        rows = self._measure(progress)
        sheet = open_sheet(self.data, self.options)
        pending = _ItemsOfTheSheet(self.resource)
        done = 0
        for batch in self._batches(sheet):
            result = self._import_batch(sheet, batch, dry_run=True)
            report.add(result)
            if report.general_problems or len(report.problems) >= MAX_PROBLEMS:
                break
            pending.add(result)
            done += len(batch)
            progress(done, rows)
        report.reading = asdict(sheet.reading) | {"decimal": self.options.decimal}
        report.unused_files = sheet.files.unread if sheet.files else []
        return report

    def run(self, report: Report, done: int, rows: int, progress: Any) -> Report:
        """Import the rows after the first `done`, which were imported before.

        `progress(done, rows, report)` is called in the transaction of each batch. Ends at a batch
        with a problem, which is not imported.
        """
        sheet = open_sheet(self.data, self.options)
        for _row in islice(sheet.rows, done):
            pass
        for batch in self._batches(sheet):
            with transaction.atomic():
                result = self._import_batch(sheet, batch, dry_run=False)
                report.add(result)
                if not report.is_valid:
                    break
                self.admin.generate_log_entries(result, self.request)
                done += len(batch)
                progress(done, rows, report)
        return report

    def _measure(self, progress: Progress) -> int:
        """Count the rows, and detect the decimal sign if it is not chosen."""
        sheet = open_sheet(self.data, self.options)
        decimals, rows = DecimalSigns(), 0
        for _number, cells in sheet.rows:
            rows += 1
            decimals.count(cells)
            if rows > MAX_IMPORTED_ROWS:
                raise TooManyRowsError(MAX_IMPORTED_ROWS)
            if rows % ROWS_BETWEEN_SIGNS == 0:
                progress(0, rows)
        decimal = self.options.decimal or decimals.likeliest(sheet.reading.separator)
        self.options = replace(self.options, decimal=decimal)
        return rows

    def _batches(self, sheet: Sheet) -> Iterator[list[NumberedRow]]:
        """The rows in batches, whose objects the resource has found."""
        while group := list(islice(sheet.rows, MATCHED_AHEAD)):
            cells = [cells for _number, cells in group]
            with suppress(ValidationError):  # the batch reports it
                self.resource.match_ahead(make_dataset(list(sheet.headings), cells, sheet.reading))
            for start in range(0, len(group), BATCH):
                yield group[start : start + BATCH]

    def _import_batch(
        self, sheet: Sheet, batch: list[NumberedRow], *, dry_run: bool
    ) -> ImportResult:
        numbers = [number for number, _cells in batch]
        reading: Reading = replace(
            sheet.reading, row_numbers=numbers, decimal=self.options.decimal or "."
        )
        dataset = make_dataset(list(sheet.headings), [cells for _number, cells in batch], reading)
        if sheet.files:
            dataset.files = sheet.files
        result: ImportResult = self.resource.import_data(
            dataset,
            dry_run=dry_run,
            user=self.request.user,
            rollback_on_validation_errors=True,
            retain_instance_in_row_result=True,
        )
        if connection.vendor == "sqlite":
            time.sleep(PAUSE)
        return result


class _ItemsOfTheSheet:
    """Names of the rows that a check has rolled back, to which later rows may refer."""

    def __init__(self, resource: SpreadsheetResource) -> None:
        fields = resource.get_import_fields()
        self._widgets = [
            field.widget
            for field in fields
            if isinstance(field.widget, ItemsWidget) and field.widget.model is resource._meta.model
        ]

    def add(self, result: ImportResult) -> None:
        for widget in self._widgets:
            for row in result.rows:
                if row.import_type == row.IMPORT_TYPE_NEW:
                    widget.add_pending(row.instance)
