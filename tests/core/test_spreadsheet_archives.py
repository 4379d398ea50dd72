"""ZIP files with a sheet and other files: found by name, rejected if they are harmful."""

import tracemalloc
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest
import tablib
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from core.spreadsheets import archives
from core.spreadsheets.archives import ZIP, Archive
from core.spreadsheets.formats import CSV, XLSX

SHEET = CSV().export_data(tablib.Dataset(["jaw", "=1"], headers=["slug", "name"]))


def packed(files: dict[str, bytes], kind: int = ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", kind) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def error_of(data: bytes) -> str:
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


def test_files_added_by_operating_systems_are_ignored():
    odd = ["__MACOSX/._products.csv", "._jaw.jpg", ".DS_Store", "~$products.xlsx", "a/Thumbs.db"]
    data = packed({"products.csv": SHEET, "jaw.jpg": b"x", **dict.fromkeys(odd, b"y")})
    files = ZIP().create_dataset(data).files
    assert files.names == ["jaw.jpg", "products.csv"]
    assert files.unread == ["jaw.jpg"], "unused files can be reported"
    files.read("jaw.jpg")
    assert files.unread == []


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_names_are_found_in_both_encodings_that_windows_writes(encoding):
    raw = "颚破.jpg".encode(encoding)
    data = packed({"products.csv": SHEET, "x" * len(raw): b"picture"})
    data = data.replace(b"x" * len(raw), raw)
    assert Archive(data).read("颚破.jpg") == b"picture"


def test_a_name_with_an_accent_is_found_in_any_unicode_form():
    assert Archive(packed({"Mu\u0308hle.jpg": b"picture"})).read("M\xfchle.jpg") == b"picture"


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../a.jpg", "a/../../b.jpg", "..\\a.jpg", "C:\\a.jpg", "\\\\host\\a"]
)
def test_a_path_outside_the_archive_is_refused(name):
    assert "points outside the ZIP file" in error_of(packed({"products.csv": SHEET, name: b"x"}))


@pytest.mark.parametrize("name", ["../jaw.jpg", "a/jaw.jpg", "a\\jaw.jpg", "", ".", "..", "\0"])
def test_files_are_read_by_their_plain_name_only(name):
    assert Archive(packed({"a/jaw.jpg": b"x"})).read(name) is None


@pytest.mark.parametrize("data", [b"", b"no zip file", packed({"a.csv": SHEET})[:-30]])
def test_a_file_that_is_not_a_zip_file_is_refused(data):
    assert error_of(data) == "This is not a ZIP file, or it is damaged."


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = packed({"products.csv": SHEET, "bomb.png": bytes(70 * 1024 * 1024)})
    assert len(bomb) < 100_000
    tracemalloc.start()
    assert "larger than 40 MB" in error_of(bomb)
    assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
    tracemalloc.stop()


def test_a_zip_bomb_with_a_false_size_is_unpacked_only_up_to_that_size():
    size, false_size = 5_000_000, 1000
    data = packed({"products.csv": SHEET, "bomb.png": bytes(size)})
    data = data.replace(size.to_bytes(4, "little"), false_size.to_bytes(4, "little"))
    with pytest.raises(ValidationError, match="is damaged"):
        Archive(data).read("bomb.png")


def test_an_unsupported_compression_is_refused():
    with pytest.raises(ValidationError, match="unsupported compression"):
        Archive(packed({"a.png": bytes(9)}, ZIP_BZIP2)).read("a.png")


def test_a_damaged_file_is_named():
    data = packed({"jaw.png": b"a picture"}, 0).replace(b"a picture", b"b picture")
    with pytest.raises(ValidationError, match=r"“jaw\.png” is damaged"):
        Archive(data).read("jaw.png")


def test_too_many_files_are_refused(monkeypatch):
    files = {"products.csv": SHEET} | {f"{number}.jpg": b"x" for number in range(5)}
    monkeypatch.setattr(archives, "MAX_FILES", 5)
    assert ZIP().create_dataset(packed(files))
    assert "more than 5 files" in error_of(packed(files | {"6.jpg": b"x"}))


def test_a_huge_table_of_contents_is_refused_before_it_is_read():
    assert "more than 50 files" in error_of(archives.ENTRY_SIGNATURE * 2000)


def test_two_files_with_the_same_name_are_refused():
    data = packed({"products.csv": SHEET, "a/jaw.jpg": b"x", "b/JAW.jpg": b"y"})
    assert "The ZIP file contains two files named" in error_of(data)


def test_a_password_protected_file_is_refused():
    data = bytearray(packed({"products.csv": SHEET}))
    data[data.index(archives.ENTRY_SIGNATURE) + 8] |= 1
    assert "password-protected" in error_of(bytes(data))


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"jaw.jpg": b"x"}, "it contains 0"),
        ({"a.csv": SHEET, "b.xlsx": b"x"}, "it contains 2"),
        ({"a.xlsx": b"no table"}, "This is not an XLSX file, or it is damaged."),
        ({"a.csv": b"\x01\x02\x03" * 9}, "This file is not a table."),
    ],
)
def test_exactly_one_readable_sheet_is_required(files, reason):
    assert reason in error_of(packed(files))


def test_an_exported_table_can_be_imported_with_its_files():
    table = tablib.Dataset(["jaw", "=1"], headers=["slug", "name"])
    pictures = [ContentFile(b"one", name="products/a.jpg"), ContentFile(b"1", name="a.jpg")]
    table.files = pictures
    dataset = ZIP().create_dataset(ZIP().export_data(table))
    assert dataset.dict == table.dict
    assert dataset.files.read("a.jpg") == b"one"


@pytest.mark.parametrize(("name", "limit"), [("MAX_FILES", 1), ("MAX_MEGABYTES", 0)])
def test_an_export_that_is_too_big_to_import_is_refused(monkeypatch, name, limit):
    monkeypatch.setattr(archives, name, limit)
    table = tablib.Dataset(["jaw"], headers=["slug"])
    table.files = [ContentFile(b"x", name=file) for file in ("a.jpg", "b.jpg")]
    with pytest.raises(ValueError, match="Use the list filters"):
        ZIP().export_data(table)
