"""Reading a sheet from a CSV or XLSX file, as programs in all countries write them."""

from core.spreadsheets.reading.csv_files import open_csv, read_csv
from core.spreadsheets.reading.decimal_signs import DecimalSigns
from core.spreadsheets.reading.tables import (
    DETECT_ALL,
    MAX_ROWS,
    NOTE_MARK,
    NumberedRow,
    Reading,
    ReadingOptions,
    Sheet,
    TooManyRowsError,
    make_dataset,
)
from core.spreadsheets.reading.xlsx_files import open_xlsx, read_xlsx

__all__ = [
    "DETECT_ALL",
    "MAX_ROWS",
    "NOTE_MARK",
    "DecimalSigns",
    "NumberedRow",
    "Reading",
    "ReadingOptions",
    "Sheet",
    "TooManyRowsError",
    "make_dataset",
    "open_csv",
    "open_xlsx",
    "read_csv",
    "read_xlsx",
]
