"""The files: CSV and XLSX."""

import csv
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import tablib
from django.utils.translation import gettext as _
from import_export.formats import base_formats

from core.spreadsheets.cells import harmless, original

LONGEST_CELL = 32_767  # what a cell of XLSX holds
LONGEST_CSV_CELL = 10 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024  # bytes of an XLSX file, which is a ZIP file

csv.field_size_limit(LONGEST_CSV_CELL)  # Python's own limit is shorter than a long article


def _each_cell(dataset: tablib.Dataset, change: Callable[[Any], Any]) -> tablib.Dataset:
    rows = ([change(cell) for cell in row] for row in dataset)
    return tablib.Dataset(*rows, headers=dataset.headers)


def present(data: bytes | None) -> bytes:
    """What was uploaded for the dry run; a cache forgets it after a while."""
    if data is None:
        raise FileNotFoundError
    return data


class CSV(base_formats.CSV):
    """In UTF-8 with a mark by which spreadsheets know it; line ends within cells stay."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> tablib.Dataset:
        text = present(in_stream).decode("utf-8-sig")
        return _each_cell(super().create_dataset(text, **kwargs), original)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        text: str = super().export_data(_each_cell(dataset, harmless), **kwargs)
        return text.encode("utf-8-sig")


class XLSX(base_formats.XLSX):
    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        try:
            with ZipFile(BytesIO(present(in_stream))) as packed:
                size = sum(entry.file_size for entry in packed.infolist())
        except BadZipFile as error:
            raise ValueError from error
        if size > MOST_UNPACKED:
            raise ValueError
        return _each_cell(super().create_dataset(in_stream), original)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        dataset = _each_cell(dataset, harmless)
        for number, row in enumerate(dataset, start=2):
            for name, cell in zip(dataset.headers, row, strict=True):
                if isinstance(cell, str) and len(cell) > LONGEST_CELL:
                    where = {"row": number, "column": name, "limit": LONGEST_CELL}
                    raise ValueError(
                        _(
                            "Row %(row)d, column %(column)s has more than the %(limit)d letters"
                            " that an XLSX cell holds. Choose CSV."
                        )
                        % where
                    )
        data: bytes = super().export_data(dataset, **kwargs)
        return data
