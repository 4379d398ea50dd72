"""Reading a sheet from a CSV or XLSX file, as programs in all countries write them."""

import csv
import re
from codecs import BOM_UTF8, getincrementaldecoder
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO, TextIOWrapper
from itertools import chain, islice
from typing import IO, Any
from zipfile import ZipFile

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.spreadsheets.cells import unescape_formula
from core.text.charsets import decode, decode_as

MAX_ROWS = 2_000  # of a table in memory
MAX_COLUMNS = 500
MAX_CELL_LENGTH = 10 * 1024 * 1024  # characters
MAX_UNPACKED_BYTES = 100 * 1024 * 1024  # of an XLSX file, which is a ZIP file
MAX_BLANK_ROWS = 1_000  # in sequence; formatted but empty rows can go on to the last of a sheet
SAMPLE_ROWS = 200  # to detect the separator
SAMPLE_LENGTH = 200_000  # characters
DECODED_BYTES = 1024 * 1024  # at once
SEPARATORS = ",;\t|"

END_OF_FILE = "\x1a"  # of DOS programs
END = "\0"  # is removed from the text of a file
NOTE_MARK = "# "  # at the start of a row that is not imported

LINE = re.compile(r"[^\r\n]*+(?:\r\n|[\r\n])|[^\r\n]++")
SEPARATOR_LINE = re.compile(r'"?sep=([^\r\n])"?[;,\t|]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
DECIMAL_COMMA = re.compile(r"[-+]?(?:\d{1,3}(?:[. '\u00a0\u202f]\d{3})+|\d+),(?:\d{1,2}|\d{4,})")
DECIMAL_POINT = re.compile(r"[-+]?(?:\d{1,3}(?:[, '\u00a0\u202f]\d{3})+|\d+)\.(?:\d{1,2}|\d{4,})")
# A number with its unit, such as "12,50 m".
NUMBER_CELL = re.compile(r"\s*([-+]?\d[\d.,' \u00a0\u202f]*\d)\s*[^\W\d_]{0,3}[\u00b2\u00b3%]?\s*")
MAX_NUMBER_LENGTH = 30
CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
CHECKED_LENGTH, MAX_CONTROLS = 5_000, 5  # characters

csv.field_size_limit(MAX_CELL_LENGTH)  # the default is shorter than a long article

Row = list[Any]
Source = Callable[[], Iterator[str]]  # reads the lines of a text, from the first one
NumberedRow = tuple[int, Row]  # with its number in the file


@dataclass(frozen=True)
class ReadingOptions:
    """How a file is to be read, as the user has chosen; what is empty is detected."""

    charset: str = ""
    separator: str = ""
    decimal: str = ""
    sheet: str = ""


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


@dataclass
class Sheet:
    """A table that is read row by row, once; `reading` counts the notes that were passed."""

    headings: Row
    rows: Iterator[NumberedRow]
    reading: Reading
    files: Any = None  # of the ZIP file that contains it


def read_csv(
    data: bytes, options: ReadingOptions = ReadingOptions(), limit: int = MAX_ROWS
) -> tablib.Dataset:
    """The table in a CSV file, with its Reading as `reading`; formulas are unescaped.

    The character set, the separator and the decimal sign are detected if they are not chosen.
    Raises ValidationError for a file that is no table, TooManyRowsError for more than `limit` rows.
    """
    return _make_dataset(open_csv(data, options), options, limit)


def open_csv(data: bytes, options: ReadingOptions = ReadingOptions()) -> Sheet:
    """The table in a CSV file; raises ValidationError, also from its rows, if it is none."""
    reading = Reading()
    if data.startswith(2 * BOM_UTF8):
        data = data.removeprefix(BOM_UTF8)
    if options.charset in ("", "utf-8") and _is_utf_8(data):
        source: Source = partial(_utf_8_lines, data.rstrip(END_OF_FILE.encode()))
        reading.charset = "utf-8"
    else:
        if options.charset:
            text, reading.charset = decode_as(data, options.charset), options.charset
        else:
            text, codec = decode(data)
            reading.charset = _charset(codec)
        text = text.removeprefix("\ufeff").replace("\0", "").rstrip(END_OF_FILE)
        source = partial(_lines, text)
    head = _head(source)
    if len(CONTROL.findall(head, 0, CHECKED_LENGTH)) > MAX_CONTROLS:
        raise ValidationError(_("This file is not a table. Save it as XLSX or CSV."))
    named = SEPARATOR_LINE.match(head)
    if named:
        source = partial(_without_first_line, source)
    elif head.startswith('"') and _is_wrapped(source):
        source = partial(_unwrapped_lines, source)
        head = _head(source)
    reading.separator = options.separator or (named[1] if named else _find_separator(head))
    return _make_sheet(_csv_rows(source, reading.separator), reading)


def read_xlsx(
    data: bytes, options: ReadingOptions = ReadingOptions(), limit: int = MAX_ROWS
) -> tablib.Dataset:
    """The table in a sheet of an XLSX file, with its Reading as `reading`; formulas are unescaped.

    If the file has no sheet of the chosen name, it is the active one or, if that has no rows below
    its headings, the first that has. Raises ValidationError for a file that is not an XLSX file or
    is too large, TooManyRowsError for more than `limit` rows.
    """
    return _make_dataset(open_xlsx(BytesIO(data), options), options, limit)


def open_xlsx(file: IO[bytes], options: ReadingOptions = ReadingOptions()) -> Sheet:
    """The table in an XLSX file; raises ValidationError, also from its rows, if it is none."""
    from openpyxl import load_workbook  # only if used, because it is large

    with _xlsx_errors():
        with ZipFile(file) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
        if size > MAX_UNPACKED_BYTES:
            text = _("The unpacked file is larger than %(limit)d MB. Import it in parts.")
            raise ValidationError(text % {"limit": MAX_UNPACKED_BYTES // 1024 // 1024})
        # With `data_only`, the cells have the values of formulas.
        book = load_workbook(file, read_only=True, data_only=True)
        sheets = {
            sheet.title: sheet for sheet in book.worksheets if sheet.sheet_state == "visible"
        } or {sheet.title: sheet for sheet in book.worksheets}
        reading = Reading(sheets=list(sheets))
        reading.sheet = _choose_sheet(sheets, book.active, options.sheet)
        return _make_sheet(_xlsx_rows_or_error(sheets[reading.sheet]), reading)


def _xlsx_rows_or_error(sheet: Any) -> Iterator[Row]:
    with _xlsx_errors():
        yield from _xlsx_rows(sheet)


@contextmanager
def _xlsx_errors() -> Iterator[None]:
    """Turn any error into a ValidationError."""
    try:
        yield
    except ValidationError:
        raise
    except Exception as error:  # openpyxl raises almost anything for a damaged file
        text = _("This is not an XLSX file, or it is damaged. Save it as XLSX or CSV.")
        raise ValidationError(text) from error


def _charset(codec: str) -> str:
    """The name of the character set that a codec decodes, without its variant."""
    for name in ("utf-16", "utf-8", "big5"):
        if codec.startswith(name):
            return name
    return "big5" if codec == "cp950" else codec


def _is_utf_8(data: bytes) -> bool:
    """Whether it is certain that the file is UTF-8."""
    if b"\0" in data or b"\x1b" in data:  # perhaps UTF-16 or ISO-2022-JP
        return False
    decoder = getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), DECODED_BYTES):
            decoder.decode(data[start : start + DECODED_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _utf_8_lines(data: bytes) -> Iterator[str]:
    """The lines of a file, decoded one by one: a text can take four bytes a character."""
    return TextIOWrapper(BytesIO(data), "utf-8-sig", newline="")


def _lines(text: str) -> Iterator[str]:
    """The lines of a text with their ends; StringIO would copy it with four bytes a character."""
    return (line[0] for line in LINE.finditer(text))


def _without_first_line(source: Source) -> Iterator[str]:
    return islice(source(), 1, None)


def _head(source: Source) -> str:
    """The first SAMPLE_LENGTH characters."""
    lines, length = [], 0
    for line in source():
        lines.append(line)
        length += len(line)
        if length >= SAMPLE_LENGTH:
            break
    return "".join(lines)[:SAMPLE_LENGTH]


def _csv_rows(source: Source, separator: str, *, is_sample: bool = False) -> Iterator[Row]:
    """The rows of a CSV file; line breaks in cells are preserved.

    Raises ValidationError for a quotation mark that is not closed.
    """
    number = 0
    try:
        # END becomes part of the last row if a quotation mark is open there.
        for row in csv.reader(chain(source(), [END]), **_dialect(source, separator)):
            if row == [END]:
                return
            number += 1
            if row and row[-1].endswith(END) and not is_sample:
                message = _("Row %(row)d: a quotation mark is not closed.")
                raise ValidationError(message % {"row": number})
            yield row
    except csv.Error as error:  # a cell is too long
        message = _("Row %(row)d cannot be read. Check its quotation marks.")
        raise ValidationError(message % {"row": number + 1}) from error


def _dialect(source: Source, separator: str) -> dict[str, Any]:
    """The parameters of `csv.reader` for blanks after separators and for `\\"` in cells."""
    headings = next(source(), "")
    count = headings.count(separator)
    is_spaced = separator != "\t" and 0 < count == headings.count(f"{separator} ")
    dialect = {"delimiter": separator, "skipinitialspace": is_spaced}
    is_escaped = any('\\"' in line for line in source()) and not _is_strict(source, dialect)
    escaped = {**dialect, "escapechar": "\\"}
    return escaped if is_escaped and _is_strict(source, escaped) else dialect


def _is_strict(source: Source, dialect: dict[str, Any]) -> bool:
    """Whether nothing follows the closing quotation mark of any cell."""
    try:
        for _row in csv.reader(source(), strict=True, **dialect):
            pass
    except csv.Error:
        return False
    return True


def _is_wrapped(source: Source) -> bool:
    """Whether each row as a whole is in quotation marks, as some programs write it."""
    rows = _whole_rows(source)
    try:
        first = next(rows)
        if len(first) != 1 or not any(mark in first[0] for mark in SEPARATORS):
            return False
        for _row in rows:
            pass
    except csv.Error:
        return False
    return True


def _unwrapped_lines(source: Source) -> Iterator[str]:
    for row in _whole_rows(source):
        yield from _lines((row[0] if row else "") + "\n")


def _whole_rows(source: Source) -> Iterator[list[str]]:
    # A separator that no row contains: in strict mode, only a row in quotation marks is one cell.
    return csv.reader(source(), delimiter="\x1f", strict=True)


def _find_separator(head: str) -> str:
    """The separator that gives the most rows as wide as the headings, and the most columns."""
    best, best_score = ",", (0.0, 0)
    for separator in SEPARATORS:
        sample = _csv_rows(partial(_lines, head), separator, is_sample=True)
        widths = [_width(row) for row in islice(sample, SAMPLE_ROWS) if any(map(str.strip, row))]
        if not widths or widths[0] < 2:
            continue
        fitting = sum(width <= widths[0] for width in widths[1:])
        cells = sum(width > 1 for width in widths[1:])
        rows_below = max(len(widths) - 1, 1)
        score = ((fitting + cells) / rows_below, widths[0])
        if score > best_score:
            best, best_score = separator, score
    return best


def _width(row: Row) -> int:
    """The number of cells, without the empty ones at the end."""
    return next((n for n in range(len(row), 0, -1) if str(row[n - 1] or "").strip()), 0)


def _choose_sheet(sheets: dict[str, Any], active: Any, chosen: str) -> str:
    if chosen in sheets:
        return chosen
    titles = list(sheets)
    first = active.title if active is not None and active.title in sheets else titles[0]
    for title in [first, *titles]:
        rows = (row for row in _xlsx_rows(sheets[title]) if _width(row))
        if len(list(islice(rows, 2))) == 2:
            return title
    return first


def _xlsx_rows(sheet: Any) -> Iterator[Row]:
    """The rows of a sheet; raises ValidationError for a formula that has an error."""
    sheet.reset_dimensions()  # some programs write a wrong size, beyond which nothing is read
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = row[: MAX_COLUMNS + 1]
        for cell in cells:
            if cell.data_type == "e":
                text = _("Row %(row)d: the formula in cell %(cell)s has the error %(error)s.")
                place = {"row": number, "cell": cell.coordinate, "error": cell.value}
                raise ValidationError(text % place)
        yield [_cell_value(cell) for cell in cells]


def _cell_value(cell: Any) -> Any:
    """The value as the spreadsheet program shows it: `007` for 7 in the number format `000`."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _cell_text(value) if isinstance(value, str) else value
    if isinstance(value, float):
        value = int(value) if value.is_integer() else float(f"{value:.15g}")
    number_format = cell.number_format or ""
    if isinstance(value, int) and value >= 0 and set(number_format) == {"0"}:
        return str(value).zfill(len(number_format))
    return value


def _cell_text(text: str) -> str:
    """A text without null bytes, and with line breaks where Excel writes returns as codes."""
    return text.replace("_x000D_\n", "\n").replace("_x000D_", "\n").replace("\0", "")


def _make_sheet(rows: Iterable[Row], reading: Reading) -> Sheet:
    """The table under the first row that is not blank; raises ValidationError if it is too wide."""
    filled = _filled_rows(rows)
    _number, width, first = next(filled, (0, 0, []))
    if width > MAX_COLUMNS:
        text = _("The file has more than %(limit)d columns.")
        raise ValidationError(text % {"limit": MAX_COLUMNS})
    headings = [str("" if cell is None else cell).strip() for cell in first[:width]]
    return Sheet(headings, _table_rows(filled, width, reading), reading)


def _filled_rows(rows: Iterable[Row]) -> Iterator[tuple[int, int, Row]]:
    """The number, width and cells of each row that is not blank, up to a long blank part."""
    blank = 0
    for number, row in enumerate(rows, start=1):
        if width := _width(row):
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


def _make_dataset(sheet: Sheet, options: ReadingOptions, limit: int) -> tablib.Dataset:
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


class DecimalSigns:
    """Counts the decimal signs of the numbers in a table."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def count(self, row: Row) -> None:
        for cell in row:
            if not isinstance(cell, str) or len(cell) > MAX_NUMBER_LENGTH:
                continue
            if number := NUMBER_CELL.fullmatch(cell):
                self._counts[","] += bool(DECIMAL_COMMA.fullmatch(number[1]))
                self._counts["."] += bool(DECIMAL_POINT.fullmatch(number[1]))

    def likeliest(self, separator: str) -> str:
        """The more frequent sign; without any number, the one that fits the separator."""
        if self._counts[","] != self._counts["."]:
            return "," if self._counts[","] > self._counts["."] else "."
        # Excel separates by semicolons where the comma is the decimal sign.
        return "," if separator == ";" else "."
