"""The CSV and XLSX formats of import and export."""

import csv
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import tablib
from django.utils.translation import gettext as _
from import_export.formats import base_formats

from core.spreadsheets.cells import escape_formula, unescape_formula

MAX_XLSX_CELL_LENGTH = 32_767  # the limit of the format
MAX_CSV_CELL_LENGTH = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 100 * 1024 * 1024  # of an XLSX file, which is a ZIP file

csv.field_size_limit(MAX_CSV_CELL_LENGTH)  # the default is shorter than a long article


def _map_cells(dataset: tablib.Dataset, change: Callable[[Any], Any]) -> tablib.Dataset:
    rows = ([change(cell) for cell in row] for row in dataset)
    return tablib.Dataset(*rows, headers=dataset.headers)


def require_upload(data: bytes | None) -> bytes:
    """`data`, the upload of the dry run; raises FileNotFoundError if it has expired."""
    if data is None:
        raise FileNotFoundError
    return data


class CSV(base_formats.CSV):
    """CSV in UTF-8 with a byte order mark; line breaks in cells are preserved."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> tablib.Dataset:
        text = require_upload(in_stream).decode("utf-8-sig")
        return _map_cells(super().create_dataset(text, **kwargs), unescape_formula)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        text: str = super().export_data(_map_cells(dataset, escape_formula), **kwargs)
        return text.encode("utf-8-sig")


class XLSX(base_formats.XLSX):
    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        try:
            with ZipFile(BytesIO(require_upload(in_stream))) as packed:
                size = sum(entry.file_size for entry in packed.infolist())
        except BadZipFile as error:
            raise ValueError from error
        if size > MAX_UNPACKED_BYTES:
            raise ValueError
        return _map_cells(super().create_dataset(in_stream), unescape_formula)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        dataset = _map_cells(dataset, escape_formula)
        for number, row in enumerate(dataset, start=2):
            for name, cell in zip(dataset.headers, row, strict=True):
                if isinstance(cell, str) and len(cell) > MAX_XLSX_CELL_LENGTH:
                    where = {"row": number, "column": name, "limit": MAX_XLSX_CELL_LENGTH}
                    raise ValueError(
                        _(
                            "Row %(row)d, column %(column)s: the text is longer than %(limit)d "
                            "characters, the limit of an XLSX cell. Choose CSV."
                        )
                        % where
                    )
        data: bytes = super().export_data(dataset, **kwargs)
        return data
