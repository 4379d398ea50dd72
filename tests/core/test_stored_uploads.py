"""Files of a form that is shown again with errors stay attached."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.uploads.models import SALT, StoredUpload
from core.uploads.services import delete_expired_uploads
from inquiries.models import Attachment, Inquiry
from news.models import Article
from tests.factories import make_inquiry, make_user, picture_file
from tests.inquiries.test_inquiry_form import typed
from tests.inquiries.urls import status_page_url
from tests.news.steps import ADD_URL, new_article_data

pytestmark = pytest.mark.django_db

SIGNER = signing.Signer(salt=SALT)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"


def pdf(name: str = "drawing.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def stored_tokens(response) -> list[str]:
    """The tokens of the boxes that the page shows, all of them checked."""
    boxes = re.findall(r'<input type="checkbox"\s+name="[a-z]+-stored"[^>]*>', page_of(response))
    assert all("checked" in box for box in boxes)
    return [re.search(r'value="([^"]+)"', box)[1] for box in boxes]


def page_of(response) -> str:
    return response.content.decode()


def saved_names() -> list[str]:
    return sorted(Attachment.objects.values_list("name", flat=True))


def send_with_error(visitor, *files: SimpleUploadedFile, **fields: object):
    response = visitor.post("/inquiry/", typed(email="wrong", attachments=list(files), **fields))
    assert response.status_code == 422
    return response


def test_files_stay_attached_when_another_field_has_an_error(visitor):
    response = send_with_error(visitor, pdf("one.pdf"), pdf("two.pdf", PDF + b"2"))
    assert "one.pdf" in page_of(response)
    tokens = stored_tokens(response)
    assert len(tokens) == 2
    second = send_with_error(visitor, **{"attachments-stored": tokens})
    assert stored_tokens(second) == tokens, "they are not stored twice"
    assert StoredUpload.objects.count() == 2
    sent = typed(attachments=[pdf("three.pdf")], **{"attachments-stored": tokens})
    assert visitor.post("/inquiry/", sent).status_code == 302
    assert saved_names() == ["one.pdf", "three.pdf", "two.pdf"]
    with Attachment.objects.get(name="two.pdf").file.open() as file:
        assert file.read() == PDF + b"2"


def test_a_cleared_box_removes_a_file(visitor):
    tokens = stored_tokens(send_with_error(visitor, pdf("one.pdf"), pdf("two.pdf")))
    visitor.post("/inquiry/", typed(**{"attachments-stored": tokens[1:]}))
    assert saved_names() == ["two.pdf"]


def test_a_refused_file_does_not_take_the_others_along(visitor):
    sent = typed(attachments=[pdf("one.pdf"), pdf("bad.pdf", b"MZ a program")])
    response = visitor.post("/inquiry/", sent)
    assert "bad.pdf" in str(response.context["form"].errors["attachments"])
    visitor.post("/inquiry/", typed(**{"attachments-stored": stored_tokens(response)}))
    assert saved_names() == ["one.pdf"]


def test_the_limits_of_the_form_count_stored_files_too(visitor):
    tokens = stored_tokens(send_with_error(visitor, *(pdf(f"{n}.pdf") for n in range(5))))
    sent = typed(attachments=[pdf("six.pdf")], **{"attachments-stored": tokens})
    assert list(visitor.post("/inquiry/", sent).context["form"].errors) == ["attachments"]
    assert not Inquiry.objects.exists()


def test_the_same_form_sent_twice_is_one_inquiry(visitor):
    stamp = visitor.get("/inquiry/").context["form"]["stamp"].value()
    page = send_with_error(visitor, pdf(), stamp=stamp)
    sent = typed(stamp=stamp, **{"attachments-stored": stored_tokens(page)})
    assert visitor.post("/inquiry/", sent).url == visitor.post("/inquiry/", sent).url
    assert saved_names() == ["drawing.pdf"]


def test_an_expired_file_is_named_beside_the_field(visitor, set_clock):
    tokens = stored_tokens(send_with_error(visitor, pdf("plan.pdf")))
    set_clock(timezone.now() + timedelta(minutes=61))
    response = visitor.post("/inquiry/", typed(**{"attachments-stored": tokens}))
    assert response.status_code == 422
    [error] = response.context["form"].errors["attachments"]
    assert error == "“plan.pdf” is no longer stored. Attach it again."
    assert not Inquiry.objects.exists()


def test_expired_files_are_deleted_from_the_storage(visitor, set_clock):
    send_with_error(visitor, pdf())
    upload = StoredUpload.objects.get()
    delete_expired_uploads()
    assert upload.file.storage.exists(upload.file.name)
    set_clock(timezone.now() + timedelta(minutes=61))
    delete_expired_uploads()
    assert not upload.file.storage.exists(upload.file.name)
    assert not StoredUpload.objects.exists()


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "1",
        signing.Signer(salt="else").sign_object([1, "a.pdf"]),
        SIGNER.sign_object([99, "a"]),
    ],
)
def test_a_forged_token_attaches_nothing(visitor, token):
    send_with_error(visitor, pdf())
    response = visitor.post("/inquiry/", typed(**{"attachments-stored": token}))
    assert response.status_code in {302, 422}
    assert not Attachment.objects.exists()


def test_a_token_is_only_valid_in_its_own_form(visitor):
    tokens = stored_tokens(send_with_error(visitor, pdf()))
    inquiry = make_inquiry()
    sent = {"message": "Here it is.", "attachments-stored": tokens}
    assert visitor.post(status_page_url(inquiry), sent).status_code == 422
    assert not inquiry.attachments.exists()


def test_files_of_a_message_stay_attached(visitor):
    inquiry = make_inquiry()
    url = status_page_url(inquiry)
    response = visitor.post(url, {"message": "", "attachments": [pdf()]})
    tokens = stored_tokens(response)
    sent = {"message": "Here it is.", "attachments-stored": tokens}
    assert visitor.post(url, sent).status_code == 302
    assert saved_names() == ["drawing.pdf"]


def test_stored_files_survive_the_rate_limit_of_new_ones(visitor, monkeypatch):
    monkeypatch.setattr("inquiries.screening.FILE_UPLOAD_RATE", (1, 3600))
    tokens = stored_tokens(send_with_error(visitor, pdf("one.pdf")))
    sent = typed(attachments=[pdf("two.pdf")], **{"attachments-stored": tokens})
    response = visitor.post("/inquiry/", sent)
    assert response.status_code == 429
    assert stored_tokens(response) == tokens


def test_a_full_disk_shows_the_form_without_the_files(visitor, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", fail)
    response = send_with_error(visitor, pdf())
    assert "Two of these, please." in page_of(response)
    assert stored_tokens(response) == []
    assert "cannot be stored" in caplog.text


def test_the_title_and_the_focus_point_out_the_errors(visitor):
    page = page_of(send_with_error(visitor))
    assert re.search(r"<title>Error: Product Inquiry", page)
    assert re.search(r'<div class="error-summary"[^>]* tabindex="-1" autofocus>', page)
    assert "Error:" not in re.search("<title>.*</title>", page_of(visitor.get("/inquiry/")))[0]


def test_a_cover_stays_attached_in_the_admin(as_user):
    editor = as_user(make_user("Editors"))
    sent = new_article_data(editor, title_en="", cover=picture_file("PNG"))
    response = editor.post(ADD_URL, sent)
    [token] = stored_tokens(response)
    assert "Error:" in re.search("<title>.*?</title>", page_of(response), re.DOTALL)[0]
    sent = new_article_data(editor, **{"cover-stored": token})
    assert editor.post(ADD_URL, sent).status_code == 302
    assert Article.objects.get().cover.width == 640


def test_a_new_cover_replaces_the_stored_one(as_user):
    editor = as_user(make_user("Editors"))
    response = editor.post(
        ADD_URL, new_article_data(editor, title_en="", cover=picture_file("PNG"))
    )
    [token] = stored_tokens(response)
    cover = picture_file("PNG", (200, 100))
    editor.post(ADD_URL, new_article_data(editor, cover=cover, **{"cover-stored": token}))
    assert Article.objects.get().cover.width == 200


def test_a_stored_file_of_another_user_is_not_found(as_user):
    editor, other = as_user(make_user("Editors")), as_user(make_user("Editors"))
    response = editor.post(
        ADD_URL, new_article_data(editor, title_en="", cover=picture_file("PNG"))
    )
    [token] = stored_tokens(response)
    other.post(ADD_URL, new_article_data(other, **{"cover-stored": token}))
    assert not Article.objects.get().cover
