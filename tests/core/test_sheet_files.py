"""Sheets are read as programs in all countries write them."""

from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import tablib
from django.core.exceptions import ValidationError
from openpyxl import Workbook, load_workbook

import tests.cases
from core.spreadsheets.archives import ZIP, detect_format
from core.spreadsheets.formats import CSV, XLSX
from core.spreadsheets.reading import ReadingOptions, read_csv, read_xlsx
from tests.cases import read_cases
from tests.timing import assert_linear

CASES = read_cases("sheets.json")
PHONES = ["+86 371 6666 8888", "+86 (0)371 1234", "+1 608-271-9000, ext. 11", "+86 371 12 转 801"]
FORMULAS = ["=1+1", "+1+1", "+A1", "+cmd|' /C calc'!A0", "+SUM(A1)", "-1", "@A1", "\t=1", "+1-x5*2"]


def file(name: str) -> bytes:
    return (Path(tests.cases.__file__).parent / name).read_bytes()


def rows(dataset: tablib.Dataset) -> list[list]:
    return [list(row) for row in dataset]


def workbook(**sheets: list[list]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, table in sheets.items():
        sheet = book.create_sheet(title)
        for row in table:
            sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def exported(cells: list) -> list:
    """The cells of a column in an XLSX export, under its heading."""
    data = XLSX().export_data(tablib.Dataset(*[[cell] for cell in cells], headers=["a"]))
    return [row[0] for row in load_workbook(BytesIO(data)).active.iter_rows(min_row=2)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_a_csv_file_is_read_without_any_choice(case: dict) -> None:
    dataset = read_csv(file(case["file"]))
    assert [dataset.headers, *rows(dataset)] == [case["headings"], *case["rows"]]
    reading = dataset.reading
    assert reading.charset == case["charset"]
    assert reading.separator == case["separator"]
    assert reading.decimal == case["decimal"]
    numbers = case.get("row_numbers") or list(range(2, len(case["rows"]) + 2))
    assert reading.row_numbers == numbers


@pytest.mark.parametrize(
    ("content", "options", "table"),
    [
        ("a;b\n1;2\n", {"separator": ","}, [["a;b"], ["1;2"]]),
        ("name\nкран\n".encode("cp1251"), {"charset": "cp1251"}, [["name"], ["кран"]]),
        ("name\nкран\n".encode("cp1251"), {"charset": "koi8-r"}, [["name"], ["ЙПЮМ"]]),
        ("name\nä\n", {"charset": "cp1252"}, [["name"], ["Ã¤"]]),
        ("name\n泵\n".encode("gb18030"), {"charset": "gb18030"}, [["name"], ["泵"]]),
        ("name\n攪\n".encode("big5"), {"charset": "big5"}, [["name"], ["攪"]]),
        ("name\n泵\n".encode("utf-16-le"), {"charset": "utf-16"}, [["name"], ["泵"]]),
        ("name\n泵\n".encode("utf-16-be"), {"charset": "utf-16"}, [["name"], ["泵"]]),
        ("name\n泵\n".encode("utf-16"), {"charset": "utf-16"}, [["name"], ["泵"]]),
        ("name\n泵\n".encode("utf-8-sig"), {"charset": "utf-8"}, [["name"], ["泵"]]),
    ],
)
def test_what_the_user_chooses_is_used(content, options, table) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    dataset = read_csv(data, ReadingOptions(**options))
    assert [dataset.headers, *rows(dataset)] == table


def test_the_decimal_sign_can_be_chosen() -> None:
    data = b"a;b\n1,5;2,5\n"
    assert read_csv(data).reading.decimal == ","
    assert read_csv(data, ReadingOptions(decimal=".")).reading.decimal == "."


def test_letters_far_behind_the_start_are_detected() -> None:
    plain = "".join(f"crusher-{n},Crusher number {n} with plain letters\n" for n in range(1900))
    assert len(plain) > 50_000
    for codec, name in [("gb18030", "颚式破碎机"), ("cp1252", "Größe"), ("cp1251", "Дробилка")]:
        data = f"slug,name\n{plain}last,{name}\n".encode(codec)
        assert rows(read_csv(data))[-1] == ["last", name]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'a,b\n1,2\n3,"4\n5,6\n', "Row 3: a quotation mark is not closed."),
        (b"a,b\n1,2\n3,4,5\n", "Row 3 has 3 cells, but there are 2 headings."),
        (b"a\n" + b"1\n" * 2001, "The file has more than 2000 rows."),
        (b"," * 600 + b"a\n", "The file has more than 500 columns."),
        (bytes(range(1, 9)) * 9, "This file is not a table."),
        (b'a\n"' + b"x" * 11_000_000 + b'"\n', "Row 2 cannot be read."),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_row(data: bytes, reason: str) -> None:
    with pytest.raises(ValidationError) as raised:
        read_csv(data)
    assert raised.value.messages[0].startswith(reason)


@pytest.mark.parametrize(
    "pattern", [b"a,b\n", b'"', b'\\"', b'"\\""\n', b'"a;b"\n', b",", b"\n", b"\xe4,", b"a\r"]
)
def test_reading_takes_linear_time(pattern: bytes) -> None:
    def read(data: bytes) -> None:
        with suppress(ValidationError):
            read_csv(data)

    once = b"a,b\n" + pattern * (200_000 // len(pattern))
    assert_linear(read, once, once + once)


def zipped(*names: str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, b"x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"a,b\n", CSV),
        (b"", CSV),
        (workbook(a=[["a"]]), XLSX),
        (zipped("products.csv", "a.jpg"), ZIP),
        (zipped("products.xlsx", "xls/a.jpg"), ZIP),
        (b"PK broken", ZIP),
    ],
)
def test_the_format_is_detected_by_content(data: bytes, kind: type) -> None:
    assert detect_format(data) is kind


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Save it as XLSX without a password."),
        (zipped("content.xml", "mimetype"), "This is an OpenDocument or Numbers file."),
        (zipped("Index/Document.iwa"), "This is an OpenDocument or Numbers file."),
        (b"%PDF-1.7", "This file is not a table."),
        (b"<html><table>", "This file is not a table."),
        (b"\xff\xd8\xff\xe0", "This file is not a table."),
    ],
)
def test_files_of_other_programs_are_named(data: bytes, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        detect_format(data)


def test_the_active_sheet_is_read_and_another_can_be_chosen() -> None:
    data = workbook(Products=[["slug"], ["a"]], Other=[["slug"], ["b"]])
    dataset = read_xlsx(data)
    assert (dataset.reading.sheet, dataset.reading.sheets) == ("Products", ["Products", "Other"])
    assert rows(dataset) == [["a"]]
    assert rows(read_xlsx(data, ReadingOptions(sheet="Other"))) == [["b"]]
    assert rows(read_xlsx(data, ReadingOptions(sheet="Gone"))) == [["a"]]


def test_a_sheet_without_rows_is_passed_over() -> None:
    data = workbook(Cover=[["Our products"]], Products=[[], ["slug"], [], ["a"]])
    dataset = read_xlsx(data)
    assert dataset.reading.sheet == "Products"
    assert rows(dataset) == [["a"]]
    assert dataset.reading.row_numbers == [4]


def test_numbers_in_xlsx_cells_are_read_as_they_are_shown() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["slug", "sku", "weight", "time", "yes", "blank"])
    sheet.append(["a", 7, 0.1 + 0.2, datetime(2021, 3, 2, 9, 2), True, None])
    sheet.append(["b", 600.0, 12, "x"])
    sheet["B2"].number_format = "00000"
    out = BytesIO()
    book.save(out)
    assert rows(read_xlsx(out.getvalue())) == [
        ["a", "00007", 0.3, datetime(2021, 3, 2, 9, 2), True, None],
        ["b", 600, 12, "x", None, None],
    ]


def test_a_formula_with_an_error_is_named() -> None:
    book = Workbook()
    book.active.append(["slug", "sku"])
    book.active.append(["a", "#DIV/0!"])
    book.active["B2"].data_type = "e"
    out = BytesIO()
    book.save(out)
    with pytest.raises(ValidationError) as raised:
        read_xlsx(out.getvalue())
    reason = "Row 2: the formula in cell B2 has the error #DIV/0!."
    assert raised.value.messages == [reason]


def test_returns_in_xlsx_cells_are_line_breaks() -> None:
    data = workbook(a=[["text"], ["one_x000D_\ntwo_x000D_three"]])
    assert rows(read_xlsx(data)) == [["one\ntwo\nthree"]]


def test_formatted_blank_rows_and_columns_are_not_read() -> None:
    book = Workbook()
    book.active.append(["slug", "name"])
    book.active.append(["a", "A"])
    for place in ("A500000", "XFD2"):
        book.active[place].number_format = "0.0"
    out = BytesIO()
    book.save(out)
    assert rows(read_xlsx(out.getvalue())) == [["a", "A"]]


def test_an_xlsx_file_with_a_wrong_size_of_its_sheet_is_read_as_a_whole() -> None:
    out = BytesIO()
    with (
        ZipFile(BytesIO(workbook(a=[["slug", "name"], ["a", "A"]]))) as book,
        ZipFile(out, "w") as changed,
    ):
        for name in book.namelist():
            data = book.read(name).replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1"')
            changed.writestr(name, data)
    assert rows(read_xlsx(out.getvalue())) == [["a", "A"]]


def test_explanations_are_not_imported() -> None:
    dataset = read_csv(b"slug,name\n# The URL,The name\na,# 1\n#2,B\n")
    assert rows(dataset) == [["a", "# 1"], ["#2", "B"]]
    assert (dataset.reading.notes, dataset.reading.row_numbers) == (1, [3, 4])


@pytest.mark.parametrize("phone", PHONES)
def test_a_telephone_number_is_exported_to_xlsx_as_text(phone: str) -> None:
    [cell] = exported([phone])
    assert (cell.value, cell.data_type, cell.number_format) == (phone, "s", "@")


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_escaped_in_xlsx(formula: str) -> None:
    [cell] = exported([formula])
    assert (cell.value, cell.data_type) == (f"'{formula}", "s")


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_phones_and_formulas_are_imported_as_they_were(kind: type) -> None:
    cells = [*PHONES, *FORMULAS, "0371 6666", "'+86 371", "600"]
    table = tablib.Dataset(*[[cell] for cell in cells], headers=["a"])
    assert kind().create_dataset(kind().export_data(table))["a"] == cells


def test_numbers_that_are_texts_stay_texts_in_xlsx() -> None:
    cells = exported(["0371 6666", "007", "Crusher", 5])
    assert [cell.value for cell in cells] == ["0371 6666", "007", "Crusher", 5]
    assert [cell.number_format for cell in cells] == ["@", "@", "General", "General"]
