"""The CSV and XLSX formats of import and export."""

from io import BytesIO
from typing import Any

import tablib
from import_export.formats import base_formats

from core.spreadsheets.reading import (
    DETECT_ALL,
    MAX_ROWS,
    ReadingOptions,
    Sheet,
    open_csv,
    open_xlsx,
    read_csv,
    read_xlsx,
)
from core.spreadsheets.writing import CsvWriter, Writer, XlsxWriter


class CSV(base_formats.CSV):
    """CSV, exported in UTF-8 with a byte order mark and with commas."""

    CONTENT_TYPE = "text/csv; charset=utf-8"
    writer_class = CsvWriter

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def create_dataset(
        self, in_stream: bytes, options: ReadingOptions = DETECT_ALL, limit: int = MAX_ROWS
    ) -> tablib.Dataset:
        return read_csv(in_stream, options, limit)

    def open_sheet(self, data: bytes, options: ReadingOptions = DETECT_ALL) -> Sheet:
        """The table, to be read row by row; raises ValidationError, also from its rows."""
        return open_csv(data, options)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return _written(self.writer_class, dataset)


class XLSX(base_formats.XLSX):
    """XLSX, with texts that spreadsheet programs do not turn into numbers or formulas."""

    writer_class = XlsxWriter

    def create_dataset(
        self, in_stream: bytes, options: ReadingOptions = DETECT_ALL, limit: int = MAX_ROWS
    ) -> tablib.Dataset:
        return read_xlsx(in_stream, options, limit)

    def open_sheet(self, data: bytes, options: ReadingOptions = DETECT_ALL) -> Sheet:
        """The table, to be read row by row; raises ValidationError, also from its rows."""
        return open_xlsx(BytesIO(data), options)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return _written(self.writer_class, dataset)


def _written(writer_class: type[Writer], dataset: tablib.Dataset) -> bytes:
    out = BytesIO()
    with writer_class(out, dataset.headers or []) as writer:
        writer.write(list(dataset))
    return out.getvalue()
