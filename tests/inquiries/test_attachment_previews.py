"""Previews of attached pictures: made by the worker, and shown in the page and the admin."""

import logging
from importlib import import_module
from io import BytesIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.images import previews
from core.worker.schedule import jobs
from inquiries.models import Attachment, Inquiry
from inquiries.services import assign_inquiry, make_previews
from inquiries.services.erasure import erase_inquiry
from tests.factories import make_contact, make_inquiry, make_user
from tests.inquiries.test_inquiry_form import typed
from tests.inquiries.urls import change_url, status_page_url

pytestmark = pytest.mark.django_db

ORIENTATION, DESCRIPTION, GPS = 0x0112, 0x010E, 0x8825


def picture(image_format="JPEG", size=(60, 40), name="photo.jpg", **options) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", size, "#0f5e75").save(out, image_format, **options)
    return SimpleUploadedFile(name, out.getvalue())


def photo_with_metadata() -> SimpleUploadedFile:
    exif = Image.Exif()
    exif[ORIENTATION], exif[DESCRIPTION], exif[GPS] = 6, "a secret", {1: "N"}
    return picture(exif=exif)


@pytest.fixture
def send(visitor):
    """Returns a function that sends an inquiry with a file, and returns the attachment."""

    def send(upload) -> Attachment:
        response = visitor.post("/inquiry/", typed(attachments=[upload]))
        assert response.status_code == 302
        return Attachment.objects.get()

    return send


def preview_of(attachment: Attachment) -> Image.Image:
    make_previews()
    attachment.refresh_from_db()
    return Image.open(BytesIO(attachment.preview.read()))


def test_a_photo_is_stored_in_full_and_its_preview_is_upright_without_metadata(send):
    upload = photo_with_metadata()
    content = upload.read()
    upload.seek(0)
    attachment = send(upload)
    assert attachment.file.read() == content
    preview = preview_of(attachment)
    assert (preview.format, preview.size) == ("WEBP", (40, 60))
    assert not preview.getexif()
    assert b"secret" not in attachment.preview.open().read()
    assert not attachment.needs_preview


@pytest.mark.parametrize(
    ("image_format", "options"),
    [
        ("PNG", {}),
        ("GIF", {}),
        ("WEBP", {}),
        ("BMP", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("HEIF", {}),
        ("AVIF", {}),
        ("MPO", {}),
    ],
)
def test_every_accepted_format_gets_a_preview(send, image_format, options):
    attachment = send(picture(image_format, size=(120, 80), **options))
    assert preview_of(attachment).size == (120, 80)


# Where the upper left corner of the stored picture is seen, by the orientation in the metadata
CORNERS = [
    *(("left", "top"), ("right", "top"), ("right", "bottom"), ("left", "bottom")),
    *(("left", "top"), ("right", "top"), ("right", "bottom"), ("left", "bottom")),
]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("image_format", ["JPEG", "TIFF", "HEIF", "AVIF", "WEBP", "PNG"])
def test_the_preview_of_a_turned_photo_is_upright(send, image_format, orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    image, out = Image.new("RGB", (80, 48), "red"), BytesIO()
    image.paste("blue", (0, 0, 40, 24))
    image.save(out, image_format, exif=exif.tobytes())
    preview = preview_of(send(SimpleUploadedFile("photo", out.getvalue()))).convert("RGB")
    assert preview.size == ((48, 80) if orientation > 4 else (80, 48))
    x, y = CORNERS[orientation - 1]
    place = {"left": 8, "right": preview.width - 9}[x], {"top": 8, "bottom": preview.height - 9}[y]
    red, _green, blue = preview.getpixel(place)
    assert blue > red


def test_the_worker_makes_the_previews():
    assert "inquiries.schedule.make_previews" in [job.name for job in jobs]


def test_a_large_photo_is_scaled_down_in_the_preview_only(send):
    attachment = send(picture(size=(4000, 3000)))
    assert preview_of(attachment).size == (1200, 900)
    assert Image.open(attachment.file.open()).size == (4000, 3000)


def test_a_picture_is_a_download_until_the_worker_made_its_preview(send, visitor, as_user):
    attachment = send(picture(name="photo.jpg"))
    inquiry, manager = attachment.inquiry, as_user(make_user("Managers"))
    page, admin = status_page_url(inquiry), change_url(inquiry)
    shown = f"{page}files/{attachment.pk}/preview/"
    shown_to_staff = f"/admin/inquiries/inquiry/{inquiry.pk}/attachment/{attachment.pk}/preview/"
    for client, url, preview in ((visitor, page, shown), (manager, admin, shown_to_staff)):
        assert "/preview/" not in client.get(url).content.decode()
        assert client.get(preview).status_code == 404
    make_previews()
    for client, url, preview in ((visitor, page, shown), (manager, admin, shown_to_staff)):
        html = client.get(url).content.decode()
        assert f'<img src="{preview}"' in html
        assert 'alt="photo.jpg"' in html
        response = client.get(preview)
        assert response.headers["Content-Type"] == "image/webp"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "attachment" not in response.headers.get("Content-Disposition", "")
        assert "no-store" in response.headers["Cache-Control"]
        assert Image.open(BytesIO(b"".join(response.streaming_content))).size == (60, 40)
        original = client.get(preview.removesuffix("preview/"))
        assert original.headers["Content-Type"] == "application/octet-stream"
        assert original.headers["Content-Disposition"] == 'attachment; filename="photo.jpg"'


def test_a_preview_is_shown_only_to_those_who_may_see_the_inquiry(send, visitor, as_user):
    attachment = send(picture())
    make_previews()
    july, abner = (make_contact(user=make_user("Sales")) for _ in range(2))
    assign_inquiry(attachment.inquiry, july, by=None)
    url = f"/admin/inquiries/inquiry/{attachment.inquiry_id}/attachment/{attachment.pk}/preview/"
    assert as_user(july.user).get(url).status_code == 200
    assert as_user(abner.user).get(url).status_code == 404
    assert as_user(make_user("Editors")).get(url).status_code == 403
    assert visitor.get(url).status_code == 302, "redirect to the log-in page"
    other = status_page_url(make_inquiry())
    assert visitor.get(f"{other}files/{attachment.pk}/preview/").status_code == 404


@pytest.mark.parametrize(
    "upload",
    [
        lambda: SimpleUploadedFile("plan.pdf", b"%PDF-1.7"),
        lambda: SimpleUploadedFile("scan.tif", b"II*\0\x08\0\0\0\0\0"),
        lambda: SimpleUploadedFile("cut-off.jpg", picture(size=(400, 400)).read()[:700]),
        lambda: picture("PNG", size=(9000, 8000), name="bomb.png"),
        lambda: picture("JPEG", size=(9000, 8000), name="progressive.jpg", progressive=True),
    ],
    ids=["pdf", "unreadable", "cut off", "72 megapixels", "progressive"],
)
def test_what_cannot_be_shown_remains_a_download(send, visitor, upload):
    attachment = send(upload())
    make_previews()
    attachment.refresh_from_db()
    assert not attachment.needs_preview
    assert not attachment.preview
    page = visitor.get(status_page_url(attachment.inquiry)).content.decode()
    assert f"/files/{attachment.pk}/" in page
    assert "<img" not in page.partition('class="attachments"')[2].partition("</ul>")[0]


def test_a_heic_photo_too_large_to_decode_is_shown_by_the_copy_in_it(send, monkeypatch):
    monkeypatch.setattr(previews, "MAX_MEGAPIXELS", 1)
    assert preview_of(send(picture("HEIF", size=(1600, 1200), thumbnails=[400]))).size == (320, 240)


def test_a_picture_is_not_tried_again_after_it_ended_the_worker(send, monkeypatch):
    attachment = send(picture())

    def fail(file):
        raise KeyboardInterrupt

    monkeypatch.setattr("inquiries.services.previews.make_preview", fail)
    with pytest.raises(KeyboardInterrupt):
        make_previews()
    attachment.refresh_from_db()
    assert not attachment.needs_preview


def test_a_preview_that_cannot_be_stored_is_logged_and_the_others_are_made(
    visitor, monkeypatch, caplog
):
    visitor.post("/inquiry/", typed(attachments=[picture(), picture()]))
    first, second = Attachment.objects.all()
    Path(first.file.path).unlink()
    with caplog.at_level(logging.ERROR):
        make_previews()
    second.refresh_from_db()
    assert f"The preview of attachment {first.pk} cannot be stored." in caplog.text
    assert second.preview


def test_an_attachment_deleted_meanwhile_leaves_no_preview(
    send, monkeypatch, django_capture_on_commit_callbacks
):
    attachment = send(picture())
    storage, saved = storages["private"], []
    make = previews.make_preview

    def make_and_delete(file):
        preview = make(file)
        Attachment.objects.filter(pk=attachment.pk).delete()
        return preview

    save = type(storage).save
    monkeypatch.setattr(
        type(storage), "save", lambda *args, **kw: saved.append(save(*args, **kw)) or saved[-1]
    )
    monkeypatch.setattr("inquiries.services.previews.make_preview", make_and_delete)
    make_previews()
    assert len(saved) == 1
    assert not storage.exists(saved[0])


def test_erasing_an_inquiry_deletes_the_preview_too(send, django_capture_on_commit_callbacks):
    attachment = send(picture())
    make_previews()
    attachment.refresh_from_db()
    paths = [Path(attachment.file.path), Path(attachment.preview.path)]
    assert all(path.exists() for path in paths)
    with django_capture_on_commit_callbacks(execute=True):
        erase_inquiry(Inquiry.objects.get(), by=None)
    assert not any(path.exists() for path in paths)


def test_a_few_previews_are_made_at_a_time(visitor, monkeypatch):
    monkeypatch.setattr("inquiries.services.previews.MAX_PREVIEWS", 1)
    visitor.post("/inquiry/", typed(attachments=[picture(), picture()]))
    waiting = Attachment.objects.filter(needs_preview=True)
    assert waiting.count() == 2
    make_previews()
    assert waiting.count() == 1
    make_previews()
    assert waiting.count() == 0


def test_pictures_attached_before_the_upgrade_get_previews_too():
    inquiry = make_inquiry()
    event = inquiry.events.first()
    for kind in ("jpg", "pdf"):
        event.attachments.create(inquiry=inquiry, name=f"a.{kind}", kind=kind, size=1)
    migration = import_module("inquiries.migrations.0008_attachment_previews")
    migration.request_previews(apps, None)
    assert [file.name for file in Attachment.objects.filter(needs_preview=True)] == ["a.jpg"]
