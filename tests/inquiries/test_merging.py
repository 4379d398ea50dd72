"""Two inquiries are merged into one."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from inquiries.files import prepare_upload
from inquiries.models import FormerReference, Inquiry
from inquiries.services import answer_inquiry, assign_inquiry, create_inquiry, record_event
from inquiries.services.merging import merge_inquiries
from tests.factories import make_contact, make_inquiry, make_product, make_user
from tests.inquiries.test_attachments import pdf

pytestmark = pytest.mark.django_db

ADMIN = "/admin/inquiries/inquiry/"


@pytest.fixture
def older_inquiry(july) -> Inquiry:
    product = make_product(name="Drill")
    inquiry = make_inquiry(message="How much?", lines=[{"product": product, "quantity": 2}])
    yesterday = timezone.now() - timedelta(days=1)
    Inquiry.objects.update(created_at=yesterday, due_at=yesterday + timedelta(hours=2))
    inquiry.events.update(at=yesterday)
    inquiry.refresh_from_db()
    return inquiry


@pytest.fixture
def newer_inquiry(older_inquiry, july) -> Inquiry:
    lines = [
        {"product": older_inquiry.lines.get().product, "quantity": 2},
        {"product": make_product(name="Saw"), "quantity": 7},
    ]
    inquiry = create_inquiry(
        name="Peter Sample", email="PETER@example.com", message="And a saw?", language="en"
    )
    record_event(inquiry, "received", files=[prepare_upload(pdf())])
    for line in lines:
        inquiry.lines.create(**line)
    assign_inquiry(inquiry, july, by=None)
    return inquiry


def test_everything_moves_to_the_older_inquiry_in_chronological_order(
    older_inquiry, newer_inquiry, july
):
    inquiry = merge_inquiries(newer_inquiry, older_inquiry, by=july.user)
    assert inquiry == older_inquiry
    assert not Inquiry.objects.filter(pk=newer_inquiry.pk).exists()
    kinds = list(inquiry.events.values_list("kind", flat=True))
    assert kinds == ["received", "asked_again", "assigned", "merged", "assigned"]
    joined = inquiry.events.get(kind="asked_again")
    assert "7 × Saw" in joined.text
    assert "And a saw?" in joined.text
    assert joined.attachments.get().inquiry == inquiry
    assert joined.attachments.get().file.open().read().startswith(b"%PDF")
    assert [str(line) for line in inquiry.lines.all()] == ["2 × Drill", "7 × Saw"]
    merged = inquiry.events.get(kind="merged")
    assert (merged.actor, merged.data) == (july.user, {"reference": newer_inquiry.reference})


def test_the_merged_inquiry_keeps_the_earlier_deadline(older_inquiry, newer_inquiry):
    due = older_inquiry.due_at
    inquiry = merge_inquiries(older_inquiry, newer_inquiry, by=None)
    assert inquiry.status == "assigned"
    assert inquiry.assigned_to.name == "July"
    assert inquiry.due_at == due
    assert inquiry.is_overdue


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        ("won", "assigned", "assigned"),
        ("quoted", "assigned", "assigned"),
        ("answered", "quoted", "quoted"),
        ("lost", "answered", "answered"),
        ("lost", "won", "won"),
        ("lost", "lost", "lost"),
    ],
)
def test_the_merged_inquiry_has_the_status_that_needs_more_work(
    older_inquiry, newer_inquiry, july, one, other, merged
):
    Inquiry.objects.filter(pk=older_inquiry.pk).update(status=one, assigned_to=july)
    Inquiry.objects.filter(pk=newer_inquiry.pk).update(status=other)
    assert merge_inquiries(older_inquiry, newer_inquiry, by=None).status == merged


def test_a_contact_who_loses_an_inquiry_is_notified(older_inquiry, newer_inquiry, july):
    abner = make_contact(name="Abner", email="abner@example.com")
    assign_inquiry(older_inquiry, abner, by=None)
    answer_inquiry(older_inquiry, "Soon.", by=None)
    Email.objects.all().delete()
    merged = merge_inquiries(older_inquiry, newer_inquiry, by=None)
    assert merged.assigned_to == july, "July's inquiry still awaits a reply"
    assert {mail.to[0] for mail in Email.objects.all()} == {"july@example.com", abner.email}


def test_the_first_response_is_the_earlier_one(older_inquiry, newer_inquiry, july):
    answer_inquiry(newer_inquiry, "Yes.", by=july.user)
    merged = merge_inquiries(older_inquiry, newer_inquiry, by=None)
    assert merged.first_response_at == newer_inquiry.first_response_at


def test_the_buyers_links_show_the_merged_inquiry(visitor, older_inquiry, newer_inquiry):
    status = newer_inquiry.status_url.removeprefix("http://testserver")
    merge_inquiries(older_inquiry, newer_inquiry, by=None)
    page = visitor.get(status)
    assert page.status_code == 200
    assert "How much?" in page.content.decode()
    assert "And a saw?" in page.content.decode()
    file = older_inquiry.attachments.get()
    assert visitor.get(f"{status}files/{file.pk}/").status_code == 200
    assert (
        older_inquiry.reference
        in visitor.get(f"/inquiry/thanks/{newer_inquiry.token}/").content.decode()
    )
    assert visitor.post(status, {"message": "Still there?"}).status_code == 302
    assert older_inquiry.events.filter(text="Still there?").exists()


def test_staff_find_it_by_its_former_reference_and_number(as_user, older_inquiry, newer_inquiry):
    merge_inquiries(older_inquiry, newer_inquiry, by=None)
    older_inquiry.refresh_from_db()
    client = as_user(make_user("Managers"))
    assert (
        older_inquiry.reference
        in client.get(f"{ADMIN}?q={newer_inquiry.reference}").content.decode()
    )
    response = client.get(f"{ADMIN}reference/{newer_inquiry.reference}/")
    assert response.url == f"{ADMIN}{older_inquiry.pk}/change/"
    page = client.get(f"{ADMIN}{newer_inquiry.pk}/change/").content.decode()
    assert older_inquiry.reference in page
    data = {"new_status": "assigned", "note": "Long text", "contact": older_inquiry.assigned_to.pk}
    client.post(f"{ADMIN}{newer_inquiry.pk}/change/", data)
    assert older_inquiry.events.filter(kind="note", text="Long text").exists()


def test_a_former_reference_is_never_reused(monkeypatch, older_inquiry, newer_inquiry):
    merge_inquiries(older_inquiry, newer_inquiry, by=None)
    references = iter([newer_inquiry.reference, older_inquiry.reference, "NEWNEWNE"])
    name = "inquiries.services.receiving.get_random_string"
    monkeypatch.setattr(name, lambda *_: next(references))
    assert make_inquiry(email="new@example.com").reference == "NEWNEWNE"


def test_former_references_follow_repeated_merges(visitor, older_inquiry, newer_inquiry):
    third = make_inquiry(email="peter@example.com", message="Third")
    merge_inquiries(newer_inquiry, third, by=None)
    merge_inquiries(newer_inquiry, older_inquiry, by=None)
    assert (
        older_inquiry.reference in visitor.get(f"/inquiry/thanks/{third.token}/").content.decode()
    )
    assert FormerReference.objects.filter(inquiry=older_inquiry).count() == 2


def test_impossible_merges_are_refused(older_inquiry, newer_inquiry):
    spam = make_inquiry(email="spam@example.com")
    Inquiry.objects.filter(pk=spam.pk).update(status="spam")
    with pytest.raises(ValidationError, match="same inquiry"):
        merge_inquiries(older_inquiry, older_inquiry, by=None)
    with pytest.raises(ValidationError, match="held as spam"):
        merge_inquiries(older_inquiry, spam, by=None)
    merge_inquiries(older_inquiry, newer_inquiry, by=None)
    with pytest.raises(ValidationError, match="in the meantime"):
        merge_inquiries(older_inquiry, newer_inquiry, by=None)
    assert older_inquiry.events.filter(kind="merged").count() == 1


def test_the_pages_suggest_compare_and_merge(as_user, older_inquiry, newer_inquiry):
    client = as_user(make_user("Managers"))
    url = f"{ADMIN}{newer_inquiry.pk}/merge/"
    assert url in client.get(f"{ADMIN}{newer_inquiry.pk}/change/").content.decode()
    assert f'value="{older_inquiry.reference}"' in client.get(url).content.decode()
    comparison = client.get(url, {"chosen": older_inquiry.reference}).content.decode()
    assert "How much?" in comparison
    assert "And a saw?" in comparison
    response = client.post(url, {"reference": older_inquiry.reference}, follow=True)
    assert "The inquiries were merged into" in response.content.decode()
    assert response.redirect_chain == [(f"{ADMIN}{older_inquiry.pk}/change/", 302)]


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Select an inquiry"),
        ("NOTHERE2", "No inquiry with this reference found"),
        ("itself", "same inquiry"),
        ("spam", "held as spam"),
    ],
)
def test_an_invalid_choice_is_explained(as_user, older_inquiry, newer_inquiry, typed, error):
    spam = make_inquiry(email="spam@example.com")
    Inquiry.objects.filter(pk=spam.pk).update(status="spam")
    reference = {"itself": older_inquiry.reference, "spam": spam.reference}.get(typed, typed)
    client = as_user(make_user("Managers"))
    for send in (client.get, client.post):
        response = send(f"{ADMIN}{older_inquiry.pk}/merge/", {"reference": reference.lower()})
        assert response.status_code == 422
        assert error in response.content.decode()
    assert Inquiry.objects.count() == 3


def test_inquiries_of_two_buyers_need_a_confirmation(as_user, older_inquiry):
    other = make_inquiry(name="Paul", email="paul@example.com", phone="+49 30 1234567")
    client, url = as_user(make_user("Managers")), f"{ADMIN}{older_inquiry.pk}/merge/"
    assert "different e-mail addresses" in client.get(url, {"reference": other}).content.decode()
    response = client.post(url, {"reference": other})
    assert response.status_code == 422
    assert "These inquiries are from different buyers" in response.content.decode()
    client.post(url, {"reference": other, "other_buyer": "on"})
    assert "Paul <paul@example.com>" in older_inquiry.events.get(kind="merged").data["buyer"]
    assert FormerReference.objects.from_buyer("PAUL@example.com").get().inquiry == older_inquiry


def test_a_contact_merges_only_their_own_inquiries(as_user, older_inquiry, newer_inquiry, july):
    client = as_user(july.user)
    assert client.get(f"{ADMIN}{older_inquiry.pk}/merge/").status_code == 404
    page = client.get(f"{ADMIN}{newer_inquiry.pk}/merge/").content.decode()
    assert older_inquiry.reference not in page
    response = client.post(f"{ADMIN}{newer_inquiry.pk}/merge/", {"reference": older_inquiry})
    assert "No inquiry with this reference found" in response.content.decode()
    assert Inquiry.objects.count() == 2
    assert client.get(f"{ADMIN}reference/{older_inquiry}/").status_code == 404


def test_merging_requires_permission_and_a_csrf_token(
    older_inquiry, newer_inquiry, as_user, client
):
    url, data = f"{ADMIN}{older_inquiry.pk}/merge/", {"reference": newer_inquiry.reference}
    assert "/admin/login/" in client.post(url, data).url
    assert as_user(make_user("Editors")).post(url, data).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user("Managers"), backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(url, data).status_code == 403
    assert Inquiry.objects.count() == 2
