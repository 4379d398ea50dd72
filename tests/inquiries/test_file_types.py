"""Which files may be attached: their type is detected from their content."""

import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from inquiries.files import BUYER_LIMITS, prepare_upload
from inquiries.forms.fields import AttachmentsField
from inquiries.inbound_mail.bodies import InboundFile
from inquiries.inbound_mail.processing import prepare_files
from tests.cases import read_cases
from tests.timing import assert_linear

FOLDER = Path(__file__).parents[1] / "cases" / "files"
CASES = [case | {"upload": case.get("upload", case["file"])} for case in read_cases("files.json")]
ACCEPTED = [case for case in CASES if "kind" in case]
REFUSED = [case for case in CASES if "refused" in case]
MEGABYTE = 1024 * 1024
PDF = b"%PDF-1.7\n"


def file_of(case) -> SimpleUploadedFile:
    return SimpleUploadedFile(case["upload"], (FOLDER / case["file"]).read_bytes())


def refusal_of(upload) -> str:
    with pytest.raises(ValidationError) as caught:
        prepare_upload(upload)
    return caught.value.messages[0]


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case["file"])
def test_a_file_is_accepted_by_its_content_and_stored_as_it_is(case):
    prepared = prepare_upload(file_of(case))
    assert (prepared.kind, prepared.name) == (case["kind"], case["name"])
    assert prepared.content.read() == (FOLDER / case["file"]).read_bytes()


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["file"])
def test_a_file_is_refused_with_the_reason(case):
    assert refusal_of(file_of(case)) == f"“{case['upload']}”: {case['refused']}"


def test_files_in_an_email_are_checked_in_the_same_way():
    sent = [
        InboundFile(name=case["upload"], content=(FOLDER / case["file"]).read_bytes())
        for case in CASES
    ]
    for start in range(0, len(sent), 20):
        expected = CASES[start : start + 20]
        accepted, problems = prepare_files(sent[start : start + 20])
        assert [file.kind for file in accepted] == [c["kind"] for c in expected if "kind" in c]
        assert problems == [f"“{c['upload']}”: {c['refused']}" for c in expected if "refused" in c]


def test_every_refused_file_of_a_form_is_named():
    field = AttachmentsField()
    files = [
        SimpleUploadedFile("plan.pdf", PDF),
        SimpleUploadedFile("setup.exe", b"MZ\x90\0"),
        SimpleUploadedFile("empty.pdf", b""),
        SimpleUploadedFile("large.pdf", PDF + bytes(10 * MEGABYTE)),
    ]
    files[2].content_type = "application/pdf"
    with pytest.raises(ValidationError) as caught:
        field.clean(files)
    program, empty, large = caught.value.messages
    assert program.startswith("“setup.exe”: This file type is not accepted. Attach a PDF file, ")
    assert empty == "“empty.pdf” is empty."
    assert large == "“large.pdf” is larger than 10 MB."


def test_the_field_names_the_types_and_offers_them_in_the_file_dialog():
    field = AttachmentsField()
    assert str(field.help_text) == (
        "Drawings, photos or lists: up to 5 files of up to 10 MB each, photos up to 40 MB. "
        "PDF, pictures, Office files, CAD drawings, text and archives."
    )
    extensions = field.widget.attrs["accept"].split(",")
    assert {".pdf", ".heic", ".tif", ".xls", ".odg", ".dwg", ".stp", ".csv", ".7z"} <= {*extensions}


def photo(megabytes: float) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (60, 40)).save(out, "JPEG")
    return SimpleUploadedFile("photo.jpg", out.getvalue() + bytes(int(megabytes * MEGABYTE)))


def test_photos_may_be_larger_than_other_files():
    assert prepare_upload(photo(megabytes=39)).kind == "jpg"
    assert refusal_of(photo(megabytes=40)) == "“photo.jpg” is larger than 40 MB."


def with_dimensions(width: int, height: int, image_format: str) -> ContentFile:
    """A small picture that claims other dimensions."""
    out = BytesIO()
    Image.new("L", (8, 8)).save(out, image_format)
    data = bytearray(out.getvalue())
    if image_format == "PNG":
        data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
        data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    else:
        at = data.index(b"\xff\xc0") + 5
        data[at : at + 4] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return ContentFile(bytes(data), name="photo")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("image_format", ["JPEG", "PNG"])
def test_a_photo_of_200_megapixels_is_accepted_and_a_bomb_refused_without_decoding(
    image_format, monkeypatch
):
    photo = with_dimensions(16320, 12240, image_format)
    bomb = with_dimensions(30_000, 20_000, image_format)
    large = with_dimensions(16_000, 16_000, image_format)
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("it was decoded"))
    assert prepare_upload(photo).size == photo.size
    for refused in (bomb, large):
        assert refusal_of(refused) == (
            "“photo”: This image is larger than 250 megapixels. Scale it down and upload it again."
        )


def archive(names) -> SimpleUploadedFile:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, b"")
    return SimpleUploadedFile("drawings.zip", out.getvalue())


def test_an_archive_with_too_many_files_is_refused_before_they_are_listed(monkeypatch):
    assert prepare_upload(archive(f"{n}.dwg" for n in range(5000))).kind == "zip"
    large = archive(f"{n}.dwg" for n in range(5001))
    monkeypatch.setattr(zipfile, "ZipFile", lambda file: pytest.fail("it was listed"))
    assert refusal_of(large) == "“drawings.zip”: This archive contains too many files."


def refusals_of(content: bytes, name: str) -> list[str]:
    """The reason why this content is refused, if it is."""
    try:
        prepare_upload(ContentFile(content, name=name))
    except ValidationError as error:
        return error.messages
    return []


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, about damaged TIFF files
@pytest.mark.parametrize(
    "name", ["list.xls", "small-streams.xls", "list.xlsx", "iphone.HEIC", "fax-scan.tif"]
)
def test_a_file_damaged_anywhere_is_accepted_or_refused_with_a_reason(name):
    whole = (FOLDER / name).read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 150)):
        damaged = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        for content in (damaged, whole[: at + 1]):
            assert all(text.startswith(f"“{name}”: ") for text in refusals_of(content, name))


@pytest.mark.parametrize(
    "start",
    [b"999\nnote\n", b"/* note */", b" ", b"%PDF", b"PK\1\2", b"0\n", b"S      0", b"....ftypmif"],
)
def test_the_time_to_detect_a_type_grows_linearly(start):
    def check(size: int) -> None:
        content = (start * size)[:size]
        with pytest.raises(ValidationError):
            prepare_upload(ContentFile(content, name="part.bin"))

    assert_linear(check, 400_000, 800_000)


@pytest.mark.parametrize("sector", [0, 1, 2])
def test_a_loop_in_a_compound_file_is_refused(sector):
    """Each number of the table of sectors points to one sector, which points to itself."""
    data = bytearray((FOLDER / "list.xls").read_bytes())
    data[512:1024] = sector.to_bytes(4, "little") * 128
    assert refusal_of(ContentFile(bytes(data), name="list.xls")).startswith("“list.xls”: This file")


def test_the_limits_of_a_form_fit_in_one_request():
    """The reverse proxy accepts 45 MB, as docs/operate.md says."""
    assert BUYER_LIMITS.total_megabytes <= 40
