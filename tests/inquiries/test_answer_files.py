"""Answers carry files: uploaded ones, and the data sheets of the inquiry's products."""

import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from post_office.models import Attachment as EmailFile
from post_office.models import Email

from core.mail.outbox import delete_old_emails
from core.uploads.models import StoredUpload
from inquiries.models import Attachment
from inquiries.services import assign_inquiry
from products.models import Product
from tests.factories import make_contact, make_inquiry, make_product, make_user
from tests.inquiries.urls import change_url, status_page_url

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"


def pdf(name: str = "offer.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


@pytest.fixture
def july():
    return make_contact(name="July", email="july@example.com", user=make_user("Sales"))


@pytest.fixture
def product() -> Product:
    product = make_product(name="Jaw crusher")
    product.datasheet.save("crusher.pdf", ContentFile(PDF + b"sheet"))
    product.downloads.create(title="CE certificate", file=ContentFile(PDF + b"CE", name="ce.pdf"))
    return product


@pytest.fixture
def inquiry(july, product):
    inquiry = make_inquiry(lines=[{"product": product, "quantity": 1, "unit": "set"}])
    assign_inquiry(inquiry, july, by=None)
    return inquiry


@pytest.fixture
def seller(as_user, july):
    """The client of the assigned contact."""
    return as_user(july.user)


def send_answer(client, inquiry, **fields):
    data = {"new_status": inquiry.status, "answer": "Here is our offer.", **fields}
    return client.post(change_url(inquiry), data)


def store(client, inquiry, upload):
    return client.post(f"/admin/inquiries/inquiry/{inquiry.pk}/answer-files/", {"file": upload})


def answer_email() -> Email:
    return Email.objects.get(to="peter@example.com", message__contains="Here is our offer.")


def test_files_are_attached_to_the_e_mail_and_shown_to_the_buyer(seller, visitor, inquiry):
    files = [pdf("offer.pdf"), pdf("drawing.pdf", PDF + b"2")]
    assert send_answer(seller, inquiry, answer_files=files).status_code == 302
    message = answer_email().email_message()
    assert [(name, content) for name, content, _ in message.attachments] == [
        ("offer.pdf", PDF),
        ("drawing.pdf", PDF + b"2"),
    ]
    assert "Attached:\n- offer.pdf" in answer_email().message
    page = visitor.get(status_page_url(inquiry)).content.decode()
    for file in inquiry.attachments.all():
        assert file.name in page
        url = re.search(rf'href="([^"]*/files/{file.pk}/)"', page)[1]
        assert visitor.get(url).status_code == 200
    assert "drawing.pdf" in seller.get(change_url(inquiry)).content.decode()


def test_the_worker_sends_the_files(seller, inquiry, smtp_server):
    send_answer(seller, inquiry, answer_files=[pdf()])
    call_command("run_worker", once=True)
    received = [message for to, message in smtp_server.messages if "peter@example.com" in to]
    names = [part.get_filename() for message in received for part in message.iter_attachments()]
    assert names == ["offer.pdf"]


def test_files_of_more_than_10_mb_together_are_links_to_the_buyers_page(seller, inquiry):
    files = [pdf(f"{n}.pdf", PDF + b"x" * 6 * 1024 * 1024) for n in (1, 2)]
    send_answer(seller, inquiry, answer_files=files)
    email = answer_email()
    assert not email.attachments.exists()
    assert "too large for an e-mail" in email.message
    assert "- 2.pdf" in email.message
    assert f"/inquiry/status/{inquiry.reference}:" in email.message
    assert inquiry.attachments.count() == 2


def test_the_documents_of_the_products_are_offered_and_sent(seller, inquiry, product):
    page = seller.get(change_url(inquiry))
    choices = page.context["adminform"].form.fields["documents"].choices
    labels = {label: key for key, label in choices}
    assert list(labels) == ["Jaw crusher – data sheet", "Jaw crusher – CE certificate"]
    send_answer(seller, inquiry, documents=list(labels.values()))
    attached = [(name, content) for name, content, _ in answer_email().email_message().attachments]
    assert attached == [
        ("Jaw crusher – data sheet.pdf", PDF + b"sheet"),
        ("Jaw crusher – CE certificate.pdf", PDF + b"CE"),
    ]


@pytest.mark.parametrize("key", ["datasheet-999", "download-x", "x"])
def test_documents_of_other_products_are_refused(seller, inquiry, key):
    response = send_answer(seller, inquiry, documents=[key])
    assert response.status_code == 200
    assert "documents" in response.context["adminform"].form.errors
    assert not Attachment.objects.exists()


def test_a_missing_data_sheet_is_an_error_beside_the_field(seller, inquiry, product):
    product.datasheet.storage.delete(product.datasheet.name)
    response = send_answer(seller, inquiry, documents=[f"datasheet-{product.pk}"])
    [error] = response.context["adminform"].form.errors["documents"]
    assert "Jaw crusher – data sheet" in error


def test_files_without_a_text_are_an_error_and_stay_attached(seller, inquiry):
    response = send_answer(seller, inquiry, answer="", answer_files=[pdf()])
    assert "Enter a reply" in response.context["adminform"].form.errors["answer"][0]
    token = StoredUpload.objects.get().token
    assert token in response.content.decode()
    send_answer(seller, inquiry, **{"answer_files-stored": token})
    assert [file.name for file in inquiry.attachments.all()] == ["offer.pdf"]


def test_a_file_is_stored_at_once_until_the_answer_is_sent(seller, inquiry, settings):
    response = store(seller, inquiry, pdf())
    assert response.status_code == 200
    data = response.json()
    assert (data["name"], data["size"]) == ("offer.pdf", len(PDF))
    page = seller.get(change_url(inquiry)).content.decode()
    assert data["token"] in page, "after a reload or a log-out"
    send_answer(seller, inquiry, **{"answer_files-stored": data["token"]})
    assert [file.name for file in inquiry.attachments.all()] == ["offer.pdf"]


def test_stored_files_are_deleted_when_the_answer_is_sent(
    seller, inquiry, django_capture_on_commit_callbacks
):
    token = store(seller, inquiry, pdf("offer.pdf")).json()["token"]
    store(seller, inquiry, pdf("not chosen.pdf"))
    uploads = list(StoredUpload.objects.all())
    with django_capture_on_commit_callbacks(execute=True):
        send_answer(seller, inquiry, **{"answer_files-stored": token})
    assert [file.name for file in inquiry.attachments.all()] == ["offer.pdf"]
    assert not StoredUpload.objects.exists()
    assert not any(one.file.storage.exists(one.file.name) for one in uploads)


def test_files_survive_inserting_a_template(seller, inquiry):
    data = {"new_status": inquiry.status, "answer": "", "_insert_template": "", "template": ""}
    response = seller.post(change_url(inquiry), data | {"answer_files": [pdf()]})
    assert StoredUpload.objects.get().token in response.content.decode()


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (pdf("program.pdf", b"MZ"), "program.pdf"),
        (pdf("big.pdf", PDF + b"x" * 26 * 1024 * 1024), "larger than 25 MB"),
        (pdf("empty.pdf", b""), ""),
    ],
)
def test_a_refused_file_is_not_stored(seller, inquiry, upload, message):
    response = store(seller, inquiry, upload)
    assert response.status_code == 422
    assert message in response.json()["error"]
    assert not StoredUpload.objects.exists()


def test_only_who_may_answer_can_store_files(as_user, inquiry):
    other = make_contact(user=make_user("Sales"))
    assert store(as_user(other.user), inquiry, pdf()).status_code == 404
    assert store(as_user(make_user("Editors")), inquiry, pdf()).status_code == 403
    assert not StoredUpload.objects.exists()


def test_a_colleague_does_not_see_the_stored_files(as_user, seller, inquiry):
    token = store(seller, inquiry, pdf()).json()["token"]
    manager = as_user(make_user("Managers"))
    assert token not in manager.get(change_url(inquiry)).content.decode()
    send_answer(manager, inquiry, contact=inquiry.assigned_to_id, **{"answer_files-stored": token})
    assert not inquiry.attachments.exists()


def test_a_double_click_sends_the_files_once(seller, inquiry):
    page = seller.get(change_url(inquiry))
    snapshot = page.context["adminform"].form["snapshot"].value()
    for _ in range(2):
        send_answer(seller, inquiry, snapshot=snapshot, answer_files=[pdf()])
    assert inquiry.attachments.count() == 1


def test_deleting_old_e_mails_leaves_the_files_of_the_inquiry(seller, inquiry):
    send_answer(seller, inquiry, answer_files=[pdf()])
    Email.objects.all().delete()
    delete_old_emails()
    assert not EmailFile.objects.exists()
    with inquiry.attachments.get().file.open() as file:
        assert file.read() == PDF


def test_without_documents_their_row_is_hidden(seller, inquiry):
    row = re.compile('class="form-row hidden field-documents"')
    assert not row.search(seller.get(change_url(inquiry)).content.decode())
    inquiry.lines.all().delete()
    page = seller.get(change_url(inquiry)).content.decode()
    assert row.search(page)
    assert 'name="documents"' not in page
    assert send_answer(seller, inquiry).status_code == 302
