"""Export and erasure of personal data."""

import json
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client
from post_office.models import Email, Log

from inquiries.files import prepare_upload
from inquiries.models import Inquiry
from inquiries.personal_data.erasure import erase_inquiries
from inquiries.personal_data.export import export_personal_data
from inquiries.services import (
    ErasedInquiryError,
    add_message,
    add_note,
    answer_inquiry,
    assign_inquiry,
    change_status,
)
from inquiries.services.merging import merge_inquiries
from tests.factories import make_inquiry, make_product, make_user
from tests.inquiries.test_attachments import pdf

pytestmark = pytest.mark.django_db

ADMIN = "/admin/inquiries/inquiry/"
PERSONAL = ["Peter Sample", "peter@example.com", "Example GmbH", "+49 30 1234567", "SECRET"]


@pytest.fixture
def manager():
    return make_user("Managers", username="boss")


@pytest.fixture
def inquiry(july, manager) -> Inquiry:
    """An inquiry with all fields filled in."""
    inquiry = make_inquiry(
        company="Example GmbH",
        country="DE",
        phone="+49 30 1234567",
        message="SECRET message",
        destination_port="SECRET port",
        source_page="/products/SECRET/",
        time_zone="Europe/Berlin",
        lines=[{"product": make_product(name="Drill"), "quantity": 2, "unit": "SECRET"}],
    )
    inquiry.lines.create(product_name="SECRET by hand")
    assign_inquiry(inquiry, july, by=manager)
    add_message(inquiry, "SECRET addition", files=[prepare_upload(pdf("SECRET.pdf"))])
    answer_inquiry(inquiry, "SECRET answer", by=july.user)
    add_note(inquiry, "SECRET note", by=july.user)
    return inquiry


def all_stored_data() -> str:
    """All rows of the tables of inquiries and e-mails, as text."""
    rows: list[object] = []
    for model in apps.get_app_config("inquiries").get_models():
        rows += model._default_manager.values()
    return repr([*rows, *Email.objects.values(), *Log.objects.values()])


def test_erasure_removes_personal_data_and_keeps_the_statistics(inquiry, manager):
    change_status(inquiry, "won", by=manager)
    before = Inquiry.objects.values().get()
    files = [Path(a.file.path) for a in inquiry.attachments.all()]
    mail = Email.objects.filter(to="peter@example.com").first()
    mail.logs.create(status=1, message="peter@example.com refused")
    assert all(text in all_stored_data() for text in PERSONAL)
    assert erase_inquiries(Inquiry.objects.about_buyer("Peter@Example.com"), by=manager) == 1
    stored = all_stored_data()
    for text in [*PERSONAL, "Europe/Berlin"]:
        assert text not in stored
    after = Inquiry.objects.values().get()
    unchanged = "reference created_at due_at first_response_at status country language source"
    for name in [*unchanged.split(), "assigned_to_id", "incoterm", "currency"]:
        assert after[name] == before[name]
    assert after["erased_at"]
    assert "2 × Drill" in map(str, inquiry.lines.all())
    assert list(inquiry.events.values_list("kind", flat=True))[-1] == "erased"
    assert inquiry.events.last().actor == manager
    assert inquiry.events.get(kind="assigned").data["contact_name"] == "July"
    assert files
    assert not inquiry.attachments.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_erasure_deletes_the_files(inquiry, manager):
    path = Path(inquiry.attachments.get().file.path)
    assert path.exists()
    erase_inquiries(Inquiry.objects.about_buyer(inquiry.email), by=manager, close_open=True)
    assert not path.exists()


def test_erasure_does_not_delete_emails_to_similar_addresses(inquiry, manager):
    similar = ["opeter@example.com", "peter@example.com.au", "x.peter@example.com"]
    for email in similar:
        make_inquiry(email=email, name="Other", message="Hello")
    erase_inquiries(Inquiry.objects.about_buyer("peter@example.com"), by=manager, close_open=True)
    for email in similar:
        assert Email.objects.filter(message__contains=f"<{email}>").exists()
        assert Inquiry.objects.from_buyer(email).get().name == "Other"


def test_open_inquiries_are_erased_only_if_they_may_be_closed(inquiry, manager):
    with pytest.raises(ValidationError):
        erase_inquiries(Inquiry.objects.about_buyer(inquiry.email), by=manager)
    inquiry.refresh_from_db()
    assert inquiry.name == "Peter Sample"
    erase_inquiries(Inquiry.objects.about_buyer(inquiry.email), by=manager, close_open=True)
    inquiry.refresh_from_db()
    assert inquiry.status == "lost"


def test_erasing_twice_changes_nothing(inquiry, manager):
    erase_inquiries(Inquiry.objects.about_buyer(inquiry.email), by=manager, close_open=True)
    before = all_stored_data()
    assert erase_inquiries(Inquiry.objects.all(), by=manager, close_open=True) == 0
    assert Inquiry.objects.about_buyer("").count() == 0
    assert all_stored_data() == before


def test_the_buyers_links_return_410_after_erasure(visitor, inquiry, manager):
    status = inquiry.status_url.removeprefix("http://testserver")
    erase_inquiries(Inquiry.objects.about_buyer(inquiry.email), by=manager, close_open=True)
    for page in (status, f"/inquiry/thanks/{inquiry.token}/"):
        response = visitor.get(page)
        assert response.status_code == 410
        assert "has been erased" in response.content.decode()
    assert visitor.post(status, {"message": "Hello?"}).status_code == 410


def test_an_erased_inquiry_is_read_only(as_user, inquiry, manager, july):
    erase_inquiries(Inquiry.objects.about_buyer(inquiry.email), by=manager, close_open=True)
    client, page = as_user(manager), f"{ADMIN}{inquiry.pk}/"
    assert "Erased" in client.get(ADMIN).content.decode()
    html = client.get(f"{page}change/").content.decode()
    assert "Personal data erased" in html
    assert 'name="answer"' not in html
    data = {"answer": "Hello", "note": "x", "contact": july.pk, "new_status": "won"}
    assert client.post(f"{page}change/", data).status_code == 403
    assert client.get(f"{page}merge/").status_code == 403
    assert client.post(f"{page}split/").status_code == 403
    assert client.get(f"{page}personal-data/erase/").status_code == 404
    assert client.post(f"{page}personal-data/export/").status_code == 404
    assert client.get(f"{page}buyer/").status_code == 200
    inquiry.refresh_from_db()
    with pytest.raises(ErasedInquiryError):
        answer_inquiry(inquiry, "Hello", by=july.user)
    assert not inquiry.has_held_content


def archive_of(response_or_file) -> tuple[dict, zipfile.ZipFile]:
    file = zipfile.ZipFile(response_or_file)
    return json.loads(file.read("data.json")), file


def test_the_export_contains_all_personal_data(inquiry):
    make_inquiry(email="other@example.com", message="OTHERS")
    with export_personal_data("PETER@example.com") as file:
        data, archive = archive_of(file)
        text = json.dumps(data, ensure_ascii=False)
        [exported] = data["inquiries"]
        assert (exported["country"], exported["status"]) == ("Germany", "Answered")
        assert exported["products"] == ["2 SECRET × Drill", "SECRET by hand"]
        for event in ("message", "addition", "answer", "note"):
            assert f"SECRET {event}" in text
        assert "OTHERS" not in text
        assert all(datetime.fromisoformat(e["at"]).tzinfo for e in exported["events"])
        [path] = [path for event in exported["events"] for path in event["files"]]
        assert archive.read(path).startswith(b"%PDF")
        assert any("SECRET answer" in mail["text"] for mail in data["mail"])
        assert {mail["to"] for mail in data["mail"]} == {"peter@example.com"}


def test_the_export_skips_missing_files(inquiry):
    Path(inquiry.attachments.get().file.path).unlink()
    with export_personal_data(inquiry.email) as file:
        data, archive = archive_of(file)
    assert archive.namelist() == ["data.json"]
    assert "SECRET.pdf" in json.dumps(data)


def test_the_export_of_an_unknown_address_is_empty(inquiry):
    with export_personal_data("nobody@example.com") as file:
        assert archive_of(file)[0] == {"inquiries": [], "mail": []}


def test_data_in_an_inquiry_of_another_buyer_is_found_after_merging(inquiry, manager):
    other = make_inquiry(name="Paul", email="paul@example.com", message="PAULS")
    merge_inquiries(inquiry, other, by=manager)
    with export_personal_data("Paul@example.com") as file:
        assert "PAULS" in json.dumps(archive_of(file)[0])
    erase_inquiries(Inquiry.objects.about_buyer("paul@example.com"), by=manager, close_open=True)
    for text in ("PAULS", "paul@example.com", "Paul"):
        assert text not in all_stored_data()


def test_the_confirmation_names_other_buyers_whose_data_is_erased(as_user, inquiry, manager):
    client, page = as_user(manager), f"{ADMIN}{inquiry.pk}/personal-data/erase/"
    assert "from other buyers" not in client.get(page).content.decode()
    merge_inquiries(inquiry, make_inquiry(email="paul@example.com"), by=manager)
    warning = client.get(page).content.decode()
    assert "Inquiries from other buyers were merged into these" in warning
    assert "<bdi>paul@example.com</bdi>" in warning
    assert "<bdi>peter@example.com</bdi>\n            </li>" not in warning


def test_a_manager_exports_and_erases_from_the_buyers_page(as_user, inquiry, manager):
    client, page = as_user(manager), f"{ADMIN}{inquiry.pk}/"
    buyer = client.get(f"{page}buyer/").content.decode()
    assert f"{page}personal-data/export/" in buyer
    assert f"{page}personal-data/erase/" in buyer
    response = client.post(f"{page}personal-data/export/")
    assert inquiry.reference in response.headers["Content-Disposition"]
    data, _ = archive_of(BytesIO(b"".join(response.streaming_content)))
    assert data["inquiries"][0]["e-mail"] == "peter@example.com"
    confirmation = client.get(f"{page}personal-data/erase/").content.decode()
    assert "Kept for statistics" in confirmation
    assert client.post(f"{page}personal-data/erase/").status_code == 422
    inquiry.refresh_from_db()
    assert not inquiry.erased_at
    response = client.post(f"{page}personal-data/erase/", {"close_open": "on"}, follow=True)
    assert "Personal data erased" in response.content.decode()
    inquiry.refresh_from_db()
    assert inquiry.erased_at


@pytest.mark.parametrize("name", ["export", "erase"])
def test_only_managers_may_export_and_erase(as_user, client, inquiry, manager, july, name):
    url, data = f"{ADMIN}{inquiry.pk}/personal-data/{name}/", {"close_open": "on"}
    assert "/admin/login/" in client.post(url, data).url
    for user in (july.user, make_user("Editors")):
        assert as_user(user).get(url).status_code in {403, 405}
        assert as_user(user).post(url, data).status_code == 403
    stranger = make_user("Sales")
    assert as_user(stranger).post(url, data).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(url, data).status_code == 403
    assert as_user(manager).post(f"{ADMIN}99999/personal-data/{name}/", data).status_code == 404
    inquiry.refresh_from_db()
    assert inquiry.name == "Peter Sample"
