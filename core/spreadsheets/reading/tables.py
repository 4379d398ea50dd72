"""Tables in files of any format: headings, rows and notes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.spreadsheets.cells import unescape_formula
from core.spreadsheets.reading.decimal_signs import DecimalSigns

MAX_ROWS = 2_000  # of a table in memory
MAX_COLUMNS = 500
MAX_BLANK_ROWS = 1_000  # in sequence; formatted but empty rows can go on to the last of a sheet
NOTE_MARK = "# "  # at the start of a row that is not imported

Row = list[Any]
NumberedRow = tuple[int, Row]  # with its number in the file


@dataclass(frozen=True)
class ReadingOptions:
    """How a file is to be read, as the user has chosen; what is empty is detected."""

    charset: str = ""
    separator: str = ""
    decimal: str = ""
    sheet: str = ""


DETECT_ALL = ReadingOptions()


@dataclass
class Reading:
    """How a file was read: `charset` and `separator` of CSV, `sheet` of XLSX."""

    charset: str = ""
    separator: str = ""
    decimal: str = "."
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    notes: int = 0  # rows that are not imported since they begin with NOTE_MARK
    row_numbers: list[int] = field(default_factory=list)  # of the imported rows, in the file


class TooManyRowsError(ValidationError):
    """A table has more rows than are read at once."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            _("The file has more than %(limit)d rows. Import it in parts.") % {"limit": limit}
        )


class TooManyColumnsError(ValidationError):
    """A table is wider than MAX_COLUMNS."""

    def __init__(self) -> None:
        super().__init__(_("The file has more than %(limit)d columns.") % {"limit": MAX_COLUMNS})


@dataclass
class Sheet:
    """A table that is read row by row, once; `reading` counts the notes that were passed."""

    headings: Row
    rows: Iterator[NumberedRow]
    reading: Reading
    files: Any = None  # of the ZIP file that contains it


def make_sheet(rows: Iterable[Row], reading: Reading) -> Sheet:
    """The table under the first row that is not blank; raises ValidationError if it is too wide."""
    filled = filled_rows(rows)
    _number, width, first = next(filled, (0, 0, []))
    if width > MAX_COLUMNS:
        raise TooManyColumnsError
    headings = [str("" if cell is None else cell).strip() for cell in first[:width]]
    return Sheet(headings, _table_rows(filled, width, reading), reading)


def filled_rows(rows: Iterable[Row]) -> Iterator[tuple[int, int, Row]]:
    """The number, width and cells of each row that is not blank, up to a long blank part."""
    blank = 0
    for number, row in enumerate(rows, start=1):
        if width := width_of(row):
            blank = 0
            yield number, width, row
        else:
            blank += 1
            if blank > MAX_BLANK_ROWS:
                return


def _table_rows(
    filled: Iterable[tuple[int, int, Row]], columns: int, reading: Reading
) -> Iterator[NumberedRow]:
    """The rows below the headings, as wide as these; notes are counted.

    Raises ValidationError for a row that is wider.
    """
    for number, width, row in filled:
        if str(row[0] or "").startswith(NOTE_MARK):
            reading.notes += 1
            continue
        if width > columns:
            text = _(
                "Row %(row)d has %(cells)d cells, but there are %(headings)d headings. "
                "Put quotation marks around cells that contain the separator."
            )
            raise ValidationError(text % {"row": number, "cells": width, "headings": columns})
        cells = [unescape_formula(cell) for cell in row[:columns]]
        yield number, cells + [_blank_like(reading)] * (columns - len(cells))


def read_dataset(sheet: Sheet, options: ReadingOptions, limit: int) -> tablib.Dataset:
    """All rows of a sheet, with its Reading as `reading`; raises TooManyRowsError."""
    decimals = DecimalSigns()
    table: list[Row] = []
    for number, cells in sheet.rows:
        if len(table) == limit:
            raise TooManyRowsError(limit)
        decimals.count(cells)
        table.append(cells)
        sheet.reading.row_numbers.append(number)
    sheet.reading.decimal = options.decimal or decimals.likeliest(sheet.reading.separator)
    return make_dataset(sheet.headings, table, sheet.reading)


def make_dataset(headings: Row, table: list[Row], reading: Reading) -> tablib.Dataset:
    """A dataset of these rows, with `reading` for the import."""
    dataset = tablib.Dataset(*table, headers=headings or None)
    dataset.reading = reading
    return dataset


def _blank_like(reading: Reading) -> str | None:
    """What a blank cell is in CSV, and in XLSX."""
    return "" if reading.separator else None


def width_of(row: Row) -> int:
    """The number of cells, without the empty ones at the end."""
    return next((n for n in range(len(row), 0, -1) if str(row[n - 1] or "").strip()), 0)
