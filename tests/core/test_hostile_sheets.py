"""XLSX files that are small but unpack to very much: refused before anything is built of them."""

import time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from core.spreadsheets.formats import CSV, XLSX
from core.spreadsheets.forms import SheetForm
from core.spreadsheets.reading import TooManyRowsError, open_xlsx, read_xlsx
from core.spreadsheets.reading.measured_zip import MAX_UNRELEASED

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
MAX_SECONDS = 10  # on a busy machine; each of these files took up to several minutes


def cell(place: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>x</t></is></c>'


def row(number: int, *columns: str) -> str:
    return f'<row r="{number}">{"".join(cell(f"{column}{number}") for column in columns)}</row>'


def packed(rows: str = "", **parts: str) -> bytes:
    """An XLSX file with these rows in its only sheet, and with other parts replaced."""
    plain, out = BytesIO(), BytesIO()
    Workbook().save(plain)
    replaced = {SHEET: f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'}
    replaced |= {f"xl/{name}.xml": content for name, content in parts.items()}
    with ZipFile(plain) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, replaced.get(name) or source.read(name))
    return out.getvalue()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (row(1, "A", "XFD") + row(30_000, "XFD"), "The file has more than 500 columns."),
        (row(1, "A") + "".join(row(n, "XFD") for n in range(2, 9_000)), "more than 500 columns"),
        ("".join(f"<row><c><v>{n}</v></c></row>" for n in range(1_000_000)), "more than 2000 rows"),
        ("<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>", "more than 2000 rows"),
    ],
    ids=["far apart", "far to the right", "a million rows", "a million cells in a row"],
)  # fmt: skip
def test_a_sheet_of_very_many_cells_is_refused_at_once(rows, message):
    data, start = packed(rows), time.monotonic()
    with pytest.raises(ValidationError, match=message):
        read_xlsx(data)
    assert time.monotonic() - start < MAX_SECONDS


@pytest.mark.parametrize(
    "rows",
    [
        row(1, "A") + row(2, "A") + row(2_000_000_000, "A"),
        row(1, "A") + row(2, "A") + "<row/>" * 50_000,
    ],
    ids=["a gap of two thousand million rows", "blank rows"],
)  # fmt: skip
def test_reading_ends_after_many_blank_rows(rows):
    start = time.monotonic()
    assert len(read_xlsx(packed(rows))) == 1
    assert time.monotonic() - start < MAX_SECONDS


def test_one_row_of_very_many_cells_is_refused_in_the_worker_too():
    cells = "<c/>" * (MAX_UNRELEASED + 1)
    with pytest.raises(ValidationError, match="too many cells"):
        list(open_xlsx(BytesIO(packed(f"<row>{cells}</row>"))).rows)


def test_the_other_parts_of_a_file_are_measured_too():
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 500_000}</cellXfs></styleSheet>'
    with pytest.raises(TooManyRowsError):
        read_xlsx(packed(row(1, "A"), styles=styles))


def test_entities_that_a_file_declares_are_refused():
    rows = f'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet xmlns="{MAIN}"/>'
    out = BytesIO()
    with ZipFile(BytesIO(packed())) as source, ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, rows if name == SHEET else source.read(name))
    with pytest.raises(ValidationError, match="damaged"):
        read_xlsx(out.getvalue())


def test_a_wide_sheet_of_common_size_is_read():
    columns = [f"A{chr(65 + n)}" for n in range(26)]
    rows = "".join(row(n, "A", *columns) for n in range(1, 201))
    assert len(read_xlsx(packed(rows))) == 199


def test_a_file_with_very_many_cells_is_left_to_the_worker():
    rows = "".join(f"<row><c><v>{n}</v></c></row>" for n in range(150_000))
    upload = SimpleUploadedFile("sheet.xlsx", packed(rows))
    form = SheetForm({}, {"import_file": upload}, formats=[CSV, XLSX])
    assert form.is_valid(), form.errors
    assert form.is_long
    assert form.dataset is None
