"""Repeated submissions, and repeated inquiries about the same product."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from inquiries.models import Inquiry, InquiryEvent
from inquiries.services import answer_inquiry, assign_inquiry, change_status
from tests.factories import make_contact, make_inquiry, make_product, make_user
from tests.inquiries.test_inquiry_form import typed

pytestmark = pytest.mark.django_db


def stamp_of(page) -> str:
    return re.search(r'name="stamp" value="([^"]+)"', page.content.decode())[1]


@pytest.fixture
def stamp(visitor) -> str:
    return stamp_of(visitor.get("/inquiry/"))


def test_a_double_click_creates_one_inquiry(visitor, stamp):
    make_user("Managers", username="manager")
    first = visitor.post("/inquiry/", typed(stamp=stamp))
    again = visitor.post("/inquiry/", typed(stamp=stamp))
    assert Inquiry.objects.count() == 1
    assert (again.status_code, again.url) == (302, first.url)
    assert Email.objects.filter(to="manager@example.com").count() == 1


def test_a_repeated_submission_is_not_rate_limited(visitor, stamp, settings):
    settings.INQUIRY_RATE = (1, 3600)
    for _ in range(2):
        assert visitor.post("/inquiry/", typed(stamp=stamp)).status_code == 302


def test_two_forms_create_two_inquiries(visitor, stamp):
    assert stamp != stamp_of(visitor.get("/inquiry/"))
    visitor.post("/inquiry/", typed(stamp=stamp))
    visitor.post("/inquiry/", typed(stamp=stamp_of(visitor.get("/inquiry/"))))
    assert Inquiry.objects.count() == 2


def test_a_changed_form_is_not_a_repetition(visitor, stamp):
    visitor.post("/inquiry/", typed(stamp=stamp))
    visitor.post("/inquiry/", typed(stamp=stamp, message="Three instead."))
    assert {i.message for i in Inquiry.objects.all()} == {typed()["message"], "Three instead."}


def test_an_invalid_form_keeps_its_stamp(visitor, stamp):
    page = visitor.post("/inquiry/", typed(stamp=stamp, email="wrong"))
    assert stamp_of(page) == stamp


@pytest.mark.parametrize("stamp", ["", "nonsense", "WyJhIl0:x:y"])
def test_an_inquiry_with_an_invalid_stamp_is_saved(visitor, stamp):
    assert visitor.post("/inquiry/", typed(stamp=stamp)).status_code == 302
    assert Inquiry.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_concurrent_submissions_of_a_form_create_one_inquiry(visitor, stamp):
    product = make_product()

    def send(_: int) -> str:
        try:
            return Client().post("/inquiry/", typed(stamp=stamp, product=product.slug)).url
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        urls = set(threads.map(send, range(8)))
    assert len(urls) == 1
    assert Inquiry.objects.count() == 1
    assert InquiryEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_concurrent_inquiries_about_a_product_create_one_inquiry():
    product = make_product()

    def send(number: int) -> None:
        try:
            Client().post("/inquiry/", typed(product=product.slug, message=f"Window {number}"))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(send, range(4)))
    inquiry = Inquiry.objects.get()
    assert inquiry.events.filter(kind="asked_again").count() == 3


@pytest.fixture
def first():
    product = make_product(slug="crusher", name="Jaw crusher")
    lines = [{"product": product, "quantity": 1, "unit": "set"}]
    return make_inquiry(email="Maria@example.com", lines=lines)


def test_a_second_inquiry_about_a_product_is_added_to_the_first(visitor, stamp, first):
    july = make_contact(email="july@example.com")
    assign_inquiry(first, july, by=None)
    answer_inquiry(first, "One costs 5.", by=None)
    data = typed(product="crusher", quantity="2", message="And two?", stamp=stamp)
    thanks = visitor.post("/inquiry/", data, follow=True)
    assert first.reference in thanks.content.decode()
    assert "added your message to it" in thanks.content.decode()
    assert "Peter Sample" not in thanks.content.decode(), "the first sender's name is private"

    assert Inquiry.objects.count() == 1
    event = first.events.last()
    assert (event.kind, event.text) == ("asked_again", "2 set × Jaw crusher\n\nAnd two?")
    first.refresh_from_db()
    assert first.status == "assigned", "it awaits a reply again"
    assert first.due_at > timezone.now()
    mail = Email.objects.filter(to="july@example.com").latest("pk")
    assert "New message from Peter Sample" in mail.subject
    assert "And two?" in mail.message


def test_the_timeline_shows_the_second_request(as_user, visitor, first):
    make_user("Managers", username="manager")
    visitor.post("/inquiry/", typed(product="crusher", message="And two?"))
    page = as_user(make_user("Managers")).get(f"/admin/inquiries/inquiry/{first.pk}/change/")
    assert "Follow-up inquiry" in page.content.decode()
    assert "And two?" in page.content.decode()
    assert "And two?" in Email.objects.get(to="manager@example.com").message


def test_a_double_click_on_the_second_inquiry_adds_one_message(visitor, stamp, first):
    data = typed(product="crusher", stamp=stamp)
    urls = {visitor.post("/inquiry/", data).url for _ in range(2)}
    assert len(urls) == 1
    assert first.events.filter(kind="asked_again").count() == 1


@pytest.mark.parametrize("difference", ["buyer", "product", "day", "closed", "no product"])
def test_a_different_request_is_a_separate_inquiry(visitor, first, difference):
    data = typed(product="crusher")
    if difference == "buyer":
        data["email"] = "other@example.com"
    elif difference == "product":
        data["product"] = make_product().slug
    elif difference == "day":
        Inquiry.objects.update(created_at=timezone.now() - timedelta(hours=25))
    elif difference == "closed":
        change_status(first, "lost", by=None)
    else:
        del data["product"]
    visitor.post("/inquiry/", data)
    assert Inquiry.objects.count() == 2
