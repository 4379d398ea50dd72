"""Writing CSV and XLSX files whose texts stay texts."""

import csv
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from typing import IO, Any, Self

from django.utils.translation import gettext as _

from core.spreadsheets.cells import escape_formula

MAX_CELL_LENGTH = 32_767  # the limit of the format
MAX_XLSX_ROWS = 1_048_576  # too
MAX_TEXT_FORMAT_LENGTH = 255  # old versions of Excel show longer cells of this format as ####
MAX_WIDTH, MIN_WIDTH = 60, 8  # of a column, in characters
TEXT_FORMAT = "@"

Row = Sequence[Any]

# A telephone number, also with an extension: no formula, which has operators, names or brackets.
PHONE_NUMBER = re.compile(
    r"\+[\s(]{0,3}\d[\d\s()./\-]{0,40}"
    r"(?:[\s,;]{0,3}(?:ext|extn|extension|x|#|tel|转|轉|分机|分機|доб|تحويلة)[\s.:]{0,3}\d{1,6})?",
    re.IGNORECASE,
)
# What a spreadsheet program could turn into a number, a date or a formula when it is edited.
NUMERIC = re.compile(r"[\s'(=+\-@0-9]")


class Writer(ABC):
    """Writes a table to a file, some rows at a time; formulas are escaped.

    A context manager: when it ends the file is complete, but not closed.
    """

    def __init__(self, out: IO[bytes], headings: Sequence[str]) -> None:
        self.out, self.headings = out, list(headings)

    @abstractmethod
    def write(self, rows: Sequence[Row]) -> None:
        """Add rows; raises ValueError for a text that is longer than a cell can be."""

    @abstractmethod
    def complete(self) -> None:
        """Write what belongs after the last row."""

    def discard(self) -> None:  # noqa: B027
        """Release what an incomplete file holds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if kind is None:
            self.complete()
        else:
            self.discard()


class CsvWriter(Writer):
    """CSV in UTF-8 with a byte order mark, by which spreadsheet programs recognise it."""

    def __init__(self, out: IO[bytes], headings: Sequence[str]) -> None:
        super().__init__(out, headings)
        self._text = TextIOWrapper(out, encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._text)
        self._csv.writerow(self.headings)

    def write(self, rows: Sequence[Row]) -> None:
        self._csv.writerows([escape_formula(cell) for cell in row] for row in rows)

    def complete(self) -> None:
        self._text.detach()

    def discard(self) -> None:
        self._text.detach()


class XlsxWriter(Writer):
    """XLSX with the headings fixed at the top, and columns as wide as the first rows written.

    A telephone number is stored as text, other texts that could be run as formulas are escaped.
    The rows are in a temporary file until the file is complete.
    """

    def __init__(self, out: IO[bytes], headings: Sequence[str]) -> None:
        super().__init__(out, headings)
        from openpyxl import Workbook  # only if used, because it is large

        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(_("Table"))
        self._sheet.freeze_panes = "A2"
        self._count = 0

    def write(self, rows: Sequence[Row]) -> None:
        if not self._count:
            self._begin(rows)
        for row in rows:
            self._count += 1
            self._check_lengths(row)
            self._sheet.append(list(_cells(self._sheet, row)))

    def complete(self) -> None:
        if not self._count:
            self._begin([])
        self._book.save(self.out)

    def discard(self) -> None:
        if self._count:
            self._sheet.close()
            self._sheet._writer.cleanup()  # deletes the temporary file

    def _begin(self, rows: Sequence[Row]) -> None:
        """Write the headings; widths must be set before them."""
        from openpyxl.utils import get_column_letter

        for number, width in enumerate(_widths([self.headings, *rows]), start=1):
            self._sheet.column_dimensions[get_column_letter(number)].width = width
        self._sheet.append(list(_cells(self._sheet, self.headings, is_heading=True)))
        self._count = 1

    def _check_lengths(self, row: Row) -> None:
        if self._count > MAX_XLSX_ROWS:
            text = _("An XLSX file can have at most %(limit)d rows. Choose CSV.")
            raise ValueError(text % {"limit": MAX_XLSX_ROWS})
        for heading, value in zip(self.headings, row, strict=True):
            if isinstance(value, str) and len(value) >= MAX_CELL_LENGTH:
                if len(escape_cell(value)) <= MAX_CELL_LENGTH:
                    continue
                where = {"row": self._count, "column": heading, "limit": MAX_CELL_LENGTH}
                raise ValueError(
                    _(
                        "Row %(row)d, column %(column)s: the text is longer than %(limit)d "
                        "characters, the limit of an XLSX cell. Choose CSV."
                    )
                    % where
                )


def escape_cell(value: Any) -> Any:
    """`value` as an XLSX cell: a telephone number as it is, other formulas escaped."""
    if isinstance(value, str) and PHONE_NUMBER.fullmatch(value):
        return value
    return escape_formula(value)


def _cells(sheet: Any, row: Row, *, is_heading: bool = False) -> Iterator[Any]:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    for value in row:
        if not isinstance(value, str):
            yield value
            continue
        text = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", escape_cell(value))
        cell = WriteOnlyCell(sheet, text)
        cell.data_type = "s"  # never a formula
        if len(text) <= MAX_TEXT_FORMAT_LENGTH and NUMERIC.match(text):
            cell.number_format = TEXT_FORMAT
        if is_heading:
            cell.font = Font(bold=True)
        elif "\n" in text:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        yield cell


def _widths(rows: Sequence[Row]) -> list[int]:
    """The width of each column, by the longest line of its cells, within limits."""
    widths: list[int] = []
    for row in rows:
        for column, value in enumerate(row):
            longest = max(map(len, str(value or "")[: MAX_WIDTH * 10].split("\n")))
            if column == len(widths):
                widths.append(MIN_WIDTH)
            widths[column] = max(widths[column], min(longest + 2, MAX_WIDTH))
    return widths
