"""The CSV and XLSX formats of import and export."""

from typing import Any

import tablib
from import_export.formats import base_formats

from core.spreadsheets.cells import escape_formula
from core.spreadsheets.reading import ReadingOptions, read_csv, read_xlsx
from core.spreadsheets.writing import write_xlsx

DETECT_ALL = ReadingOptions()


class CSV(base_formats.CSV):
    """CSV, exported in UTF-8 with a byte order mark and with commas."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def create_dataset(
        self, in_stream: bytes, options: ReadingOptions = DETECT_ALL
    ) -> tablib.Dataset:
        return read_csv(in_stream, options)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        rows = ([escape_formula(cell) for cell in row] for row in dataset)
        text: str = super().export_data(tablib.Dataset(*rows, headers=dataset.headers), **kwargs)
        return text.encode("utf-8-sig")


class XLSX(base_formats.XLSX):
    """XLSX, with texts that spreadsheet programs do not turn into numbers or formulas."""

    def create_dataset(
        self, in_stream: bytes, options: ReadingOptions = DETECT_ALL
    ) -> tablib.Dataset:
        return read_xlsx(in_stream, options)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return write_xlsx(dataset)
