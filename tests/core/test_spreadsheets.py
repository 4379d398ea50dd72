"""Cells that a spreadsheet would run are escaped, and restored on import."""

from io import BytesIO

import pytest
import tablib
from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from core.spreadsheets.cells import escape_formula, unescape_formula
from core.spreadsheets.formats import CSV, XLSX

DANGEROUS = ["=1+1", "+86 371 1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''+1", "=cmd|' /C'!A0"]
SAFE = ["", "Crusher", "'tis", "1+1", "a=b", "''", "破碎机", " =1", "\n"]


@pytest.mark.parametrize("cell", DANGEROUS)
def test_a_cell_that_looks_like_a_formula_is_escaped_and_restored(cell):
    assert escape_formula(cell) == f"'{cell}"
    assert unescape_formula(escape_formula(cell)) == cell


@pytest.mark.parametrize("cell", [*SAFE, None, 5, -5, True])
def test_other_cells_are_not_changed(cell):
    assert escape_formula(cell) == cell
    assert unescape_formula(cell) == cell


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_exported_cells_are_read_back_unchanged(kind):
    cells = [*DANGEROUS, "two\nlines", 'a "quote"', "a, comma", "أخبار"]
    if kind is XLSX:
        cells.remove("\r=1")  # XML turns the return into a line feed
    data = kind().export_data(tablib.Dataset(*[[cell, "x"] for cell in cells], headers=["a", "b"]))
    assert isinstance(data, bytes)
    dataset = kind().create_dataset(data)
    assert dataset.headers == ["a", "b"]
    assert dataset["a"] == cells


def test_a_csv_file_starts_with_the_byte_order_mark_of_utf_8():
    assert CSV().export_data(tablib.Dataset(["破"], headers=["a"])).startswith(b"\xef\xbb\xbf")


def test_no_cell_of_an_xlsx_file_is_a_formula():
    data = XLSX().export_data(tablib.Dataset(*[[cell] for cell in DANGEROUS], headers=["a"]))
    sheet = load_workbook(BytesIO(data)).active
    assert {cell.data_type for row in sheet.rows for cell in row} == {"s"}


def test_control_characters_that_xlsx_cannot_hold_do_not_stop_an_export():
    data = XLSX().export_data(tablib.Dataset(["a\x0bb"], headers=["a"]))
    assert XLSX().create_dataset(data)["a"] == ["a\ufffdb"]


def test_a_text_that_is_too_long_for_an_xlsx_cell_is_refused_and_not_truncated():
    table = tablib.Dataset(["x" * 40_000], headers=["body"])
    with pytest.raises(ValueError, match=r"Row 2, column body.* Choose CSV\."):
        XLSX().export_data(table)
    assert len(CSV().create_dataset(CSV().export_data(table))["body"][0]) == 40_000


def test_a_very_long_text_can_be_exported_and_imported_as_csv():
    table = tablib.Dataset(["x" * 300_000], headers=["body"])
    assert len(CSV().create_dataset(CSV().export_data(table))["body"][0]) == 300_000


@pytest.mark.parametrize("data", [b"no zip file", b""])
def test_a_file_that_is_not_an_xlsx_file_is_refused(data):
    with pytest.raises(ValidationError, match="This is not an XLSX file, or it is damaged"):
        XLSX().create_dataset(data)
