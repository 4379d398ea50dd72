"""One inquiry, however often it is sent; one conversation with a buyer about a product."""

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
from tests.inquiries.test_inquiry_form import typed
from tests.world import make_contact, make_inquiry, make_product, make_user

pytestmark = pytest.mark.django_db


def stamp_of(page) -> str:
    return re.search(r'name="stamp" value="([^"]+)"', page.content.decode())[1]


@pytest.fixture
def stamp(reader) -> str:
    return stamp_of(reader.get("/inquiry/"))


def test_pressed_twice_is_one_inquiry(reader, stamp):
    make_user("Managers", username="manager")
    first = reader.post("/inquiry/", typed(stamp=stamp))
    again = reader.post("/inquiry/", typed(stamp=stamp))
    assert Inquiry.objects.count() == 1
    assert (again.status_code, again.url) == (302, first.url)
    assert Email.objects.filter(to="manager@example.com").count() == 1


def test_the_last_that_is_allowed_may_be_pressed_twice(reader, stamp, settings):
    settings.INQUIRY_RATE = (1, 3600)
    for _ in range(2):
        assert reader.post("/inquiry/", typed(stamp=stamp)).status_code == 302


def test_each_form_that_is_shown_is_an_inquiry_of_its_own(reader, stamp):
    assert stamp != stamp_of(reader.get("/inquiry/"))
    reader.post("/inquiry/", typed(stamp=stamp))
    reader.post("/inquiry/", typed(stamp=stamp_of(reader.get("/inquiry/"))))
    assert Inquiry.objects.count() == 2


def test_what_is_changed_after_a_step_back_is_no_repetition(reader, stamp):
    reader.post("/inquiry/", typed(stamp=stamp))
    reader.post("/inquiry/", typed(stamp=stamp, message="Three, rather."))
    assert {i.message for i in Inquiry.objects.all()} == {typed()["message"], "Three, rather."}


def test_a_stamp_stays_with_a_form_that_comes_back(reader, stamp):
    page = reader.post("/inquiry/", typed(stamp=stamp, email="wrong"))
    assert stamp_of(page) == stamp


@pytest.mark.parametrize("made_up", ["", "nonsense", "WyJhIl0:x:y"])
def test_a_made_up_stamp_costs_no_inquiry(reader, made_up):
    assert reader.post("/inquiry/", typed(stamp=made_up)).status_code == 302
    assert Inquiry.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_sent_by_many_at_once_it_is_one_inquiry(reader, stamp):
    product = make_product()

    def send(_: int) -> str:
        try:
            return Client().post("/inquiry/", typed(stamp=stamp, product=product.slug)).url
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        addresses = set(threads.map(send, range(8)))
    assert len(addresses) == 1
    assert Inquiry.objects.count() == 1
    assert InquiryEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_asked_by_one_buyer_in_many_windows_at_once_it_is_one_inquiry():
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


def test_asked_again_about_a_product_is_joined_to_the_first(reader, stamp, first):
    july = make_contact(email="july@example.com")
    assign_inquiry(first, july, by=None)
    answer_inquiry(first, "One costs 5.", by=None)
    data = typed(product="crusher", quantity="2", message="And two?", stamp=stamp)
    thanks = reader.post("/inquiry/", data, follow=True)
    assert first.reference in thanks.content.decode()
    assert "added what you wrote to that inquiry" in thanks.content.decode()
    assert "Peter Sample" not in thanks.content.decode(), "who asked first is nobody's business"

    assert Inquiry.objects.count() == 1
    event = first.events.last()
    assert (event.kind, event.text) == ("asked_again", "2 set × Jaw crusher\n\nAnd two?")
    first.refresh_from_db()
    assert first.status == "assigned", "it waits for an answer again"
    assert first.due_at > timezone.now()
    mail = Email.objects.filter(to="july@example.com").latest("pk")
    assert "has written again" in mail.subject
    assert "And two?" in mail.message


def test_a_manager_sees_that_it_was_joined(as_user, reader, first):
    make_user("Managers", username="manager")
    reader.post("/inquiry/", typed(product="crusher", message="And two?"))
    page = as_user(make_user("Managers")).get(f"/admin/inquiries/inquiry/{first.pk}/change/")
    assert "Asked again" in page.content.decode()
    assert "And two?" in page.content.decode()
    assert "And two?" in Email.objects.get(to="manager@example.com").message


def test_joined_and_pressed_twice_is_heard_once(reader, stamp, first):
    data = typed(product="crusher", stamp=stamp)
    urls = {reader.post("/inquiry/", data).url for _ in range(2)}
    assert len(urls) == 1
    assert first.events.filter(kind="asked_again").count() == 1


@pytest.mark.parametrize("difference", ["buyer", "product", "day", "closed", "no product"])
def test_what_differs_is_an_inquiry_of_its_own(reader, first, difference):
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
    reader.post("/inquiry/", data)
    assert Inquiry.objects.count() == 2
