"""Attachments of inquiries."""

import os
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from post_office.models import Email
from pytest_django.asserts import assertContains

from inquiries.files import BUYER_LIMITS, clean_name, prepare_upload
from inquiries.models import Attachment, Inquiry
from inquiries.services import assign_inquiry
from tests.disks import SmallDisk, small_disk, use_private_folder
from tests.factories import make_contact, make_inquiry, make_product, make_user, picture_file
from tests.inquiries.test_inquiry_form import typed
from tests.inquiries.urls import change_url, status_page_url

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"


def pdf(name: str = "drawing.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def archive(*names: str, name: str = "list.docx", **parts: bytes) -> SimpleUploadedFile:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for part, content in [*parts.items(), *((part, b"x") for part in names)]:
            file.writestr(part, content)
    return SimpleUploadedFile(name, out.getvalue())


def content_of(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture
def inquiry(visitor) -> Inquiry:
    response = visitor.post("/inquiry/", typed(attachments=[pdf(), picture_file("JPEG")]))
    assert response.status_code == 302
    return Inquiry.objects.get()


@pytest.mark.parametrize(
    ("upload", "kind"),
    [
        (lambda: pdf("drawing.exe"), "pdf"),
        (lambda: picture_file("PNG"), "png"),
        (lambda: picture_file("JPEG"), "jpg"),
        (lambda: picture_file("WEBP"), "webp"),
        (lambda: archive("[Content_Types].xml", "word/document.xml"), "docx"),
        (lambda: archive("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (lambda: archive("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
        (lambda: archive(mimetype=b"application/vnd.oasis.opendocument.text"), "odt"),
        (lambda: archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "ods"),
    ],
)
def test_the_kind_of_a_file_depends_on_its_content(upload, kind):
    prepared = prepare_upload(upload())
    assert prepared.kind == kind
    assert prepared.name.endswith(f".{kind}")


@pytest.mark.parametrize(
    "upload",
    [
        lambda: SimpleUploadedFile("drawing.pdf", b"MZ\x90\x00 a program"),
        lambda: SimpleUploadedFile("page.pdf", b"<html><script>alert(1)</script>"),
        lambda: SimpleUploadedFile("drawing.svg", b"<svg xmlns='x'><script/></svg>"),
        lambda: SimpleUploadedFile("picture.png", b"\x89PNG\r\n\x1a\n and no more"),
        lambda: SimpleUploadedFile("sound.webp", b"RIFF\x00\x00\x00\x00WAVEfmt "),
        lambda: SimpleUploadedFile("list.docx", b"PK\x03\x04 broken"),
        lambda: archive("program.exe", name="all.zip"),
        lambda: archive("word/document.xml"),
        lambda: archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        lambda: archive("Basic/x.xml", mimetype=b"application/vnd.oasis.opendocument.text"),
        lambda: archive(mimetype=b"application/epub+zip"),
        lambda: archive(*(f"{n}" for n in range(5001)), "[Content_Types].xml", "word/document.xml"),
    ],
)
def test_unsupported_content_is_refused(upload):
    with pytest.raises(ValidationError):
        prepare_upload(upload())


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Plan.PDF", "Plan.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\files\\plan.pdf", "plan.pdf"),
        ("plan\u202efdp.exe", "planfdp.pdf"),
        ('a"; filename="b.html', "a__ filename=_b.pdf"),
        ("图纸 v1.2.pdf", "图纸 v1.2.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        (".pdf", "pdf.pdf"),
        ("\r\n", "file.pdf"),
    ],
)
def test_file_names_are_cleaned(name, clean):
    assert clean_name(name, "pdf") == clean


def test_files_are_stored_privately_under_random_names(inquiry):
    drawing, picture = inquiry.attachments.all()
    assert (drawing.name, drawing.size) == ("drawing.pdf", len(PDF))
    assert re.fullmatch(r"inquiries/\w{32}\.pdf", drawing.file.name)
    path = Path(drawing.file.path)
    assert path.is_relative_to(settings.PRIVATE_ROOT)
    assert not path.is_relative_to(settings.MEDIA_ROOT)
    assert path.stat().st_mode & 0o077 == 0
    assert picture.kind == "jpg"


def assert_download(response, name: str, content: bytes | None = None) -> None:
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert "no-store" in response.headers["Cache-Control"]
    if content is not None:
        assert content_of(response) == content


def test_a_buyer_can_download_only_their_own_files(visitor, inquiry):
    own = status_page_url(inquiry)
    page = visitor.get(own).content.decode()
    link = re.search(r'href="([^"]+/files/\d+/)"', page)[1]
    assert_download(visitor.get(link), "drawing.pdf", PDF)
    other = status_page_url(make_inquiry())
    pk = inquiry.attachments.first().pk
    assert visitor.get(f"{other}files/{pk}/").status_code == 404
    assert visitor.get(f"/inquiry/status/nonsense/files/{pk}/").status_code == 404
    assert visitor.get(f"/inquiry/status/{inquiry.token}/files/{pk}/").status_code == 404


def test_staff_can_download_files_only_of_visible_inquiries(visitor, as_user, inquiry):
    july, abner = (make_contact(user=make_user("Sales")) for _ in range(2))
    assign_inquiry(inquiry, july, by=None)
    pk = inquiry.attachments.first().pk
    url = f"/admin/inquiries/inquiry/{inquiry.pk}/attachment/{pk}/"
    assert (
        url
        in as_user(july.user).get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").content.decode()
    )
    assert_download(as_user(july.user).get(url), "drawing.pdf", PDF)
    assert_download(as_user(make_user("Managers")).get(url), "drawing.pdf")
    assert as_user(abner.user).get(url).status_code == 404
    assert as_user(make_user("Editors")).get(url).status_code == 403
    assert as_user(make_user()).get(url).status_code == 403
    assert visitor.get(url).status_code == 302, "redirect to the log-in page"
    abners = make_inquiry()
    assign_inquiry(abners, abner, by=None)
    mixed = f"/admin/inquiries/inquiry/{abners.pk}/attachment/{pk}/"
    assert as_user(abner.user).get(mixed).status_code == 404


def test_only_emails_to_staff_list_the_files(visitor):
    make_user("Managers", username="manager")
    visitor.post("/inquiry/", typed(attachments=[pdf("plan.pdf")]))
    assert "File: plan.pdf" in Email.objects.get(to="manager@example.com").message
    assert "plan.pdf" not in Email.objects.get(to="maria@example.com").message


def test_a_missing_file_is_not_found(as_user, inquiry):
    file = inquiry.attachments.first()
    Path(file.file.path).unlink()
    url = f"/admin/inquiries/inquiry/{inquiry.pk}/attachment/{file.pk}/"
    assert as_user(make_user("Managers")).get(url).status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        lambda: [pdf(content=b"MZ a program")],
        lambda: [pdf() for _ in range(BUYER_LIMITS.files + 1)],
        lambda: [pdf(content=PDF + b"x" * 10 * 1024 * 1024)],
        lambda: [pdf(content=PDF + b"x" * 9 * 1024 * 1024) for _ in range(5)],
        lambda: [pdf(content=b"")],
    ],
)
def test_a_refused_file_is_an_error_and_all_values_are_shown_again(visitor, sent):
    response = visitor.post("/inquiry/", typed(attachments=sent()))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["attachments"]
    page = response.content.decode()
    assert "Two of these, please." in page
    assert not Attachment.objects.exists()


def test_forms_with_files_are_rate_limited(visitor, monkeypatch):
    monkeypatch.setattr("inquiries.screening.FILE_UPLOAD_RATE", (1, 3600))
    data = typed(email="wrong")
    assert visitor.post("/inquiry/", data | {"attachments": [pdf()]}).status_code == 422
    response = visitor.post("/inquiry/", data | {"attachments": [pdf()]})
    assert response.status_code == 429
    assert "Two of these, please." in response.content.decode()
    own = status_page_url(make_inquiry())
    response = visitor.post(own, {"message": "Hello?", "attachments": [pdf()]})
    assert response.status_code == 429
    assert "Hello?" in response.content.decode()
    assert visitor.post("/inquiry/", typed()).status_code == 302, "without files it is accepted"


def test_messages_and_repeated_inquiries_can_have_files(visitor):
    product = make_product()
    visitor.post("/inquiry/", typed(product=product.slug))
    visitor.post("/inquiry/", typed(product=product.slug, message="2", attachments=[pdf("b.pdf")]))
    inquiry = Inquiry.objects.get()
    own = status_page_url(inquiry)
    for _ in range(2):
        page = visitor.get(own).content.decode()
        stamp = re.search(r'name="stamp" value="([^"]+)"', page)[1]
        visitor.post(own, {"message": "3", "attachments": [pdf("c.pdf")], "stamp": stamp})
    kinds = [(file.name, file.event.kind) for file in inquiry.attachments.all()]
    assert kinds == [("b.pdf", "asked_again"), ("c.pdf", "message"), ("c.pdf", "message")]
    assert "c.pdf" in visitor.get(own).content.decode()


def test_a_double_click_saves_the_files_once(visitor):
    page = visitor.get("/inquiry/").content.decode()
    stamp = re.search(r'name="stamp" value="([^"]+)"', page)[1]
    for _ in range(2):
        visitor.post("/inquiry/", typed(stamp=stamp, attachments=[pdf()]))
    assert Attachment.objects.count() == 1


def test_deleting_an_inquiry_deletes_its_files(inquiry, django_capture_on_commit_callbacks):
    path = Path(inquiry.attachments.first().file.path)
    with django_capture_on_commit_callbacks(execute=True):
        inquiry.delete()
    assert not path.exists()


@pytest.fixture(params=["full", "read-only"])
def disk(request, tmp_path, monkeypatch):
    """A disk with the private files on which no file of `large_pdf` fits."""
    with small_disk(tmp_path / "disk", monkeypatch) as disk:
        use_private_folder(disk.folder / "private", monkeypatch)
        if request.param == "read-only":
            disk.make_read_only()
        yield disk


def large_pdf() -> SimpleUploadedFile:
    return pdf(content=PDF + os.urandom(2 * SmallDisk.SIZE))


def test_an_inquiry_is_received_although_its_files_cannot_be_stored(client, visitor, disk):
    boss = make_user("Managers")
    response = visitor.post("/inquiry/", typed(attachments=[large_pdf(), large_pdf()]))
    assert response.status_code == 302
    inquiry = Inquiry.objects.get()
    assert inquiry.message == typed()["message"]
    assert not inquiry.attachments.exists()
    assertContains(
        visitor.get(response.url), "2 files could not be stored. Please send them again."
    )
    client.force_login(boss)
    assertContains(client.get(change_url(inquiry)), "2 files could not be stored. The buyer was")
    assert disk.files() == []


@pytest.mark.usefixtures("disk")
def test_a_message_is_received_although_its_file_cannot_be_stored(visitor):
    inquiry = make_inquiry()
    data = {"message": "Here is the drawing.", "attachments": [large_pdf()]}
    response = visitor.post(status_page_url(inquiry), data, follow=True)
    assert inquiry.events.get(kind="message").text == "Here is the drawing."
    assertContains(response, "1 file could not be stored. Please send it again.")
