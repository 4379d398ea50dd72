"""Reading XLSX files."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from typing import IO, Any

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.spreadsheets.reading.measured_zip import MeasuredZip, TooManyElementsError
from core.spreadsheets.reading.tables import (
    DETECT_ALL,
    MAX_COLUMNS,
    MAX_ROWS,
    Reading,
    ReadingOptions,
    Row,
    Sheet,
    TooManyRowsError,
    filled_rows,
    make_sheet,
    read_dataset,
)

MAX_UNPACKED_BYTES = 100 * 1024 * 1024  # of an XLSX file, which is a ZIP file
# Of XML; a cell is two or three. Reading as many takes about three seconds, or two minutes.
MAX_IMMEDIATE_ELEMENTS = 400_000
MAX_ELEMENTS = 12_000_000


def read_xlsx(
    data: bytes, options: ReadingOptions = DETECT_ALL, limit: int = MAX_ROWS
) -> tablib.Dataset:
    """The table in a sheet of an XLSX file, with its Reading as `reading`; formulas are unescaped.

    If the file has no sheet of the chosen name, it is the active one or, if that has no rows below
    its headings, the first that has. Raises ValidationError for a file that is not an XLSX file or
    is too large, TooManyRowsError for more than `limit` rows.
    """
    try:
        sheet = open_xlsx(BytesIO(data), options, MAX_IMMEDIATE_ELEMENTS)
        return read_dataset(sheet, options, limit)
    except TooManyElementsError as error:
        raise TooManyRowsError(limit) from error


def open_xlsx(
    file: IO[bytes], options: ReadingOptions = DETECT_ALL, max_elements: int = MAX_ELEMENTS
) -> Sheet:
    """The table in an XLSX file; raises ValidationError, also from its rows, if it is none."""
    from core.spreadsheets.reading.workbook import read_workbook  # only if used: openpyxl is large

    with _xlsx_errors():
        packed = MeasuredZip(file, max_elements)
        if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED_BYTES:
            text = _("The unpacked file is larger than %(limit)d MB. Import it in parts.")
            raise ValidationError(text % {"limit": MAX_UNPACKED_BYTES // 1024 // 1024})
        book = read_workbook(file, packed)
        sheets = {
            sheet.title: sheet for sheet in book.worksheets if sheet.sheet_state == "visible"
        } or {sheet.title: sheet for sheet in book.worksheets}
        reading = Reading(sheets=list(sheets))
        reading.sheet = _choose_sheet(sheets, book.active, options.sheet)
        return make_sheet(_xlsx_rows_or_error(sheets[reading.sheet]), reading)


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


def _choose_sheet(sheets: dict[str, Any], active: Any, chosen: str) -> str:
    if chosen in sheets:
        return chosen
    titles = list(sheets)
    first = active.title if active is not None and active.title in sheets else titles[0]
    for title in [first, *titles]:
        if len(list(islice(filled_rows(_xlsx_rows(sheets[title])), 2))) == 2:
            return title
    return first


def _xlsx_rows(sheet: Any) -> Iterator[Row]:
    """The rows of a sheet; raises ValidationError for a formula that has an error."""
    # As wide at most as the headings may be: the last cell of a row can be in column 16,384.
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
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
