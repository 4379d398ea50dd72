"""ZIP files with a sheet and other files: found by name, rejected if they are harmful."""

import tracemalloc
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest
import tablib
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from core.spreadsheets import CSV, XLSX, ZIP, archives
from core.spreadsheets.archives import Archive

SHEET = CSV().export_data(tablib.Dataset(["jaw", "=1"], headers=["slug", "name"]))


def packed(files: dict[str, bytes], kind: int = ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", kind) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(ValidationError) as error:
        ZIP().create_dataset(data)
    return error.value.messages[0]


@pytest.mark.parametrize("folder", ["", "catalogue/", "a/b/", "catalogue\\"])
def test_the_sheet_and_its_files_are_found_in_any_folder(folder):
    files = {f"{folder}products.csv": SHEET, f"{folder}Jaw 1.JPG": b"picture"}
    dataset = ZIP().create_dataset(packed(files))
    assert dataset.dict == [{"slug": "jaw", "name": "=1"}]
    assert dataset.files.read("jaw 1.jpg") == b"picture"
    assert dataset.files.read("none.jpg") is None


def test_an_xlsx_sheet_is_read_as_well():
    sheet = XLSX().export_data(tablib.Dataset(["jaw"], headers=["slug"]))
    assert ZIP().create_dataset(packed({"products.XLSX": sheet})).dict == [{"slug": "jaw"}]


def test_what_systems_put_beside_the_files_is_passed_over():
    odd = ["__MACOSX/._products.csv", "._jaw.jpg", ".DS_Store", "~$products.xlsx", "a/Thumbs.db"]
    data = packed({"products.csv": SHEET, "jaw.jpg": b"x", **dict.fromkeys(odd, b"y")})
    files = ZIP().create_dataset(data).files
    assert files.names == ["jaw.jpg", "products.csv"]
    assert files.unread == ["jaw.jpg"], "what nobody asked for can be said"
    files.read("jaw.jpg")
    assert files.unread == []


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_names_are_found_however_windows_wrote_them(encoding):
    raw = "颚破.jpg".encode(encoding)
    data = packed({"products.csv": SHEET, "x" * len(raw): b"picture"})
    data = data.replace(b"x" * len(raw), raw)
    assert Archive(data).read("颚破.jpg") == b"picture"


def test_an_accent_is_found_however_it_is_written():
    assert Archive(packed({"Mu\u0308hle.jpg": b"picture"})).read("M\xfchle.jpg") == b"picture"


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../a.jpg", "a/../../b.jpg", "..\\a.jpg", "C:\\a.jpg", "\\\\host\\a"]
)
def test_a_name_that_leads_outside_is_refused(name):
    assert "points outside the ZIP file" in refused(packed({"products.csv": SHEET, name: b"x"}))


@pytest.mark.parametrize("name", ["../jaw.jpg", "a/jaw.jpg", "a\\jaw.jpg", "", ".", "..", "\0"])
def test_no_folder_can_be_named(name):
    assert Archive(packed({"a/jaw.jpg": b"x"})).read(name) is None


@pytest.mark.parametrize("data", [b"", b"no zip file", packed({"a.csv": SHEET})[:-30]])
def test_what_is_no_zip_file_is_refused(data):
    assert refused(data) == "This is not a ZIP file, or it is damaged."


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = packed({"products.csv": SHEET, "bomb.png": bytes(70 * 1024 * 1024)})
    assert len(bomb) < 100_000
    tracemalloc.start()
    assert "larger than 40 MB" in refused(bomb)
    assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
    tracemalloc.stop()


def test_a_zip_bomb_with_a_false_size_is_unpacked_only_up_to_that_size():
    size, lie = 5_000_000, 1000
    data = packed({"products.csv": SHEET, "bomb.png": bytes(size)})
    data = data.replace(size.to_bytes(4, "little"), lie.to_bytes(4, "little"))
    with pytest.raises(ValidationError, match="is damaged"):
        Archive(data).read("bomb.png")


def test_a_kind_of_packing_that_knows_no_bound_is_refused():
    with pytest.raises(ValidationError, match="unsupported compression"):
        Archive(packed({"a.png": bytes(9)}, ZIP_BZIP2)).read("a.png")


def test_a_damaged_file_is_named():
    data = packed({"jaw.png": b"a picture"}, 0).replace(b"a picture", b"b picture")
    with pytest.raises(ValidationError, match=r"“jaw\.png” is damaged"):
        Archive(data).read("jaw.png")


def test_more_files_than_can_be_looked_through_are_refused(monkeypatch):
    files = {"products.csv": SHEET} | {f"{number}.jpg": b"x" for number in range(5)}
    monkeypatch.setattr(archives, "MAX_FILES", 5)
    assert ZIP().create_dataset(packed(files))
    assert "more than 5 files" in refused(packed(files | {"6.jpg": b"x"}))


def test_a_table_of_contents_that_fills_the_memory_is_refused_before_it_is_read():
    assert "more than 50 files" in refused(archives.ENTRY_SIGNATURE * 2000)


def test_two_files_of_one_name_are_refused():
    data = packed({"products.csv": SHEET, "a/jaw.jpg": b"x", "b/JAW.jpg": b"y"})
    assert "The ZIP file contains two files named" in refused(data)


def test_a_locked_file_is_refused():
    data = bytearray(packed({"products.csv": SHEET}))
    data[data.index(archives.ENTRY_SIGNATURE) + 8] |= 1
    assert "password-protected" in refused(bytes(data))


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"jaw.jpg": b"x"}, "it contains 0"),
        ({"a.csv": SHEET, "b.xlsx": b"x"}, "it contains 2"),
        ({"a.xlsx": b"no table"}, "“a.xlsx” in the ZIP file cannot be read as a table."),
        ({"a.csv": b"\xff\xfe\x00"}, "“a.csv” in the ZIP file cannot be read as a table."),
    ],
)
def test_one_sheet_must_be_in_it_that_can_be_read(files, reason):
    assert reason in refused(packed(files))


def test_a_table_and_its_files_are_packed_and_found_again():
    table = tablib.Dataset(["jaw", "=1"], headers=["slug", "name"])
    pictures = [ContentFile(b"one", name="products/a.jpg"), ContentFile(b"1", name="a.jpg")]
    table.files = pictures
    dataset = ZIP().create_dataset(ZIP().export_data(table))
    assert dataset.dict == table.dict
    assert dataset.files.read("a.jpg") == b"one"


@pytest.mark.parametrize(("limit", "most"), [("MAX_FILES", 1), ("MAX_MEGABYTES", 0)])
def test_no_more_is_packed_than_could_be_imported(monkeypatch, limit, most):
    monkeypatch.setattr(archives, limit, most)
    table = tablib.Dataset(["jaw"], headers=["slug"])
    table.files = [ContentFile(b"x", name=name) for name in ("a.jpg", "b.jpg")]
    with pytest.raises(ValueError, match="Use the list filters"):
        ZIP().export_data(table)
