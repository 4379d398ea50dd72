"""Writing XLSX files whose texts stay texts."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import tablib
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from core.spreadsheets.cells import escape_formula

MAX_CELL_LENGTH = 32_767  # the limit of the format
MAX_TEXT_FORMAT_LENGTH = 255  # old versions of Excel show longer cells of this format as ####
MAX_WIDTH, MIN_WIDTH = 60, 8  # of a column, in characters
TEXT_FORMAT = "@"

# A telephone number, also with an extension: no formula, which has operators, names or brackets.
PHONE_NUMBER = re.compile(
    r"\+[\s(]{0,3}\d[\d\s()./\-]{0,40}"
    r"(?:[\s,;]{0,3}(?:ext|extn|extension|x|#|tel|转|轉|分机|分機|доб|تحويلة)[\s.:]{0,3}\d{1,6})?",
    re.IGNORECASE,
)
# What a spreadsheet program could turn into a number, a date or a formula when it is edited.
NUMERIC = re.compile(r"[\s'(=+\-@0-9]")


def write_xlsx(dataset: tablib.Dataset) -> bytes:
    """An XLSX file with the dataset, its headings fixed at the top.

    A telephone number is stored as text, other texts that could be run as formulas are escaped.
    Raises ValueError for a text that is longer than a cell can be.
    """
    _check_lengths(dataset)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Table"))
    sheet.freeze_panes = "A2"
    rows = [dataset.headers or [], *dataset]
    for number, width in enumerate(_widths(rows), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for number, row in enumerate(rows, start=1):
        sheet.append(list(_cells(sheet, row, is_heading=number == 1)))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def escape_cell(value: Any) -> Any:
    """`value` as an XLSX cell: a telephone number as it is, other formulas escaped."""
    if isinstance(value, str) and PHONE_NUMBER.fullmatch(value):
        return value
    return escape_formula(value)


def _check_lengths(dataset: tablib.Dataset) -> None:
    for number, row in enumerate(dataset, start=2):
        for heading, value in zip(dataset.headers, row, strict=True):
            if isinstance(value, str) and len(escape_cell(value)) > MAX_CELL_LENGTH:
                where = {"row": number, "column": heading, "limit": MAX_CELL_LENGTH}
                raise ValueError(
                    _(
                        "Row %(row)d, column %(column)s: the text is longer than %(limit)d "
                        "characters, the limit of an XLSX cell. Choose CSV."
                    )
                    % where
                )


def _cells(sheet: Any, row: Any, *, is_heading: bool) -> Iterator[Any]:
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


def _widths(rows: list[Any]) -> list[int]:
    """The width of each column, by the longest line of its cells, within limits."""
    widths: list[int] = []
    for row in rows:
        for column, value in enumerate(row):
            longest = max(map(len, str(value or "")[: MAX_WIDTH * 10].split("\n")))
            if column == len(widths):
                widths.append(MIN_WIDTH)
            widths[column] = max(widths[column], min(longest + 2, MAX_WIDTH))
    return widths
