"""Screening for spam, and releasing held inquiries and messages."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from post_office.models import Email

from inquiries import form_stamp
from inquiries.models import Inquiry
from inquiries.screening import HOLD_THRESHOLD, Submission, screen
from inquiries.services import (
    add_message,
    answer_inquiry,
    assign_inquiry,
    change_status,
    receive_message,
    release_inquiry,
)
from tests.factories import make_contact, make_inquiry, make_product, make_user
from tests.inquiries.test_inquiry_form import typed
from tests.inquiries.urls import status_page_url

pytestmark = pytest.mark.django_db

SPAM = "Win! " + " ".join(f"https://evil{n}.example" for n in range(6))
LIST = "/admin/inquiries/inquiry/"


@pytest.fixture
def manager():
    return make_user("Managers", username="manager")


@pytest.fixture
def held_inquiry(visitor, manager) -> Inquiry:
    response = visitor.post("/inquiry/", typed(message=SPAM))
    assert response.status_code == 302, "the sender does not notice"
    return Inquiry.objects.get()


def make_submission(seconds: float, **fields: object) -> Submission:
    return Submission(**{"text": "What does it cost?", "form_age": seconds, **fields})


@pytest.mark.parametrize(
    "submission",
    [
        make_submission(60),
        make_submission(60, text="We are https://sample.example. What does it cost?"),
        make_submission(
            60, text="See https://sample.example and www.sample.example/plan for the site."
        ),
        make_submission(1, text="See https://sample.example"),
        # The clock was set back while the form was open.
        make_submission(-3600, text="https://a.example https://b.example www.c.example"),
        make_submission(None, text="See https://sample.example and https://other.example"),
        make_submission(9 * 24 * 3600, names="Maria Muster sample.com Ltd."),
        make_submission(60, text="Is x < a and b > c? See [1]. Online = yes. Onload: 5 t."),
        make_submission(60, text="多少钱?" * 400),
        make_submission(60, honeypot="https://ann.example"),
        make_submission(60, honeypot="ann", text="We are https://ann.example.", has_proof=True),
    ],
)
def test_normal_inquiries_are_accepted(submission):
    assert not screen(submission).is_held


@pytest.mark.parametrize(
    ("submission", "reason"),
    [
        (make_submission(1, honeypot="x"), "honeypot"),
        (make_submission(None, honeypot="x"), "honeypot"),
        (make_submission(60, honeypot="x", text="https://a.example www.b.example"), "honeypot"),
        (make_submission(60, honeypot="x", names="https://a.example"), "honeypot"),
        (make_submission(60, honeypot="x", has_proof=False), "honeypot"),
        (make_submission(60, text=SPAM), "links"),
        (make_submission(1, text="https://a.example https://b.example www.c.example"), "fast"),
        (make_submission(60, text="<script>alert(1)</script>"), "script"),
        (make_submission(60, text='<img src="x" onerror="x()">'), "script"),
        (
            make_submission(None, text="<a href='https://a.example'>x</a> https://b.example"),
            "markup",
        ),
        (make_submission(1, names="Win at https://a.example"), "name_link"),
    ],
)
def test_spam_is_held_with_its_reasons(submission, reason):
    verdict = screen(submission)
    assert verdict.score >= HOLD_THRESHOLD
    assert reason in verdict.reasons


def test_a_held_inquiry_is_saved_without_notification(held_inquiry, as_user, manager):
    assert (held_inquiry.status, held_inquiry.message) == ("spam", SPAM)
    assert not Email.objects.exists()
    page = as_user(manager).get(f"{LIST}{held_inquiry.pk}/change/").content.decode()
    assert "Held as spam" in page
    assert "Reason: contains many links" in page
    assert held_inquiry.reference in as_user(manager).get(f"{LIST}?held=yes").content.decode()
    assert make_inquiry().reference not in as_user(manager).get(f"{LIST}?held=yes").content.decode()


def assert_processed_as_new(inquiry: Inquiry, manager) -> None:
    inquiry.refresh_from_db()
    assert inquiry.status == "new"
    assert inquiry.due_at > timezone.now()
    assert [event.kind for event in inquiry.events.all()] == ["received", "held", "released"]
    assert inquiry.events.last().actor == manager
    assert inquiry.reference in Email.objects.get(to="manager@example.com").subject
    assert inquiry.reference in Email.objects.get(to="maria@example.com").subject


def test_an_inquiry_released_on_its_page_is_processed_as_new(held_inquiry, as_user, manager):
    Inquiry.objects.update(due_at=timezone.now())
    client = as_user(manager)
    page = f"{LIST}{held_inquiry.pk}/change/"
    assert 'name="release"' in client.get(page).content.decode()
    assert client.post(page, {"new_status": "spam", "release": "on"}).status_code == 302
    assert_processed_as_new(held_inquiry, manager)
    assert 'name="release"' not in client.get(page).content.decode()


def test_an_inquiry_released_from_the_list_is_processed_as_new(held_inquiry, as_user, manager):
    other = make_inquiry()
    Email.objects.all().delete()
    chosen = {"action": "release", "_selected_action": [held_inquiry.pk, other.pk]}
    response = as_user(manager).post(LIST, chosen, follow=True)
    assert "1 inquiry marked as not spam." in response.content.decode()
    assert_processed_as_new(held_inquiry, manager)
    assert other.events.count() == 1


def test_releasing_twice_notifies_once(held_inquiry, manager):
    release_inquiry(held_inquiry, by=manager)
    release_inquiry(held_inquiry, by=manager)
    assert Email.objects.count() == 2


def test_spam_cannot_change_its_status_without_release(held_inquiry):
    assert held_inquiry.allowed_statuses == ["lost"]


def test_every_form_has_a_honeypot(visitor, manager):
    for url in ("/inquiry/", status_page_url(make_inquiry())):
        page = visitor.get(url).content.decode()
        field = re.search(r'<input [^>]*name="subject"[^>]*>', page)[0]
        for attribute in ('type="text"', 'tabindex="-1"', 'autocomplete="off"', "data-1p-ignore",
                          "data-bwignore", 'data-lpignore="true"'):  # fmt: skip
            assert attribute in field
        assert 'name="website"' not in page


@pytest.mark.parametrize(("seconds", "status"), [(60, "new"), (1, "spam")])
def test_a_filled_honeypot_holds_only_with_another_sign(visitor, monkeypatch, seconds, status):
    stamp, now = form_stamp.new_stamp(), form_stamp.time.time()
    monkeypatch.setattr(form_stamp.time, "time", lambda: now + seconds)
    visitor.post("/inquiry/", typed(stamp=stamp, subject="https://ann.example"))
    assert Inquiry.objects.get().status == status


def test_a_form_that_was_open_for_days_is_accepted(visitor, monkeypatch):
    stamp = form_stamp.new_stamp()
    now = form_stamp.time.time()
    monkeypatch.setattr(form_stamp.time, "time", lambda: now + 3 * 24 * 3600)
    visitor.post("/inquiry/", typed(stamp=stamp))
    assert Inquiry.objects.get().status == "new"


def test_spam_is_not_added_to_an_earlier_inquiry(visitor):
    product = make_product(slug="crusher")
    first = make_inquiry(email="maria@example.com", lines=[{"product": product, "quantity": 1}])
    visitor.post("/inquiry/", typed(product="crusher", message=SPAM))
    assert Inquiry.objects.count() == 2
    assert first.events.count() == 1


def test_a_message_that_looks_like_spam_is_held(visitor, as_user, manager):
    july = make_contact(email="july@example.com", user=make_user("Sales"))
    inquiry = make_inquiry()
    assign_inquiry(inquiry, july, by=manager)
    answer_inquiry(inquiry, "It costs 5.", by=july.user)
    Email.objects.all().delete()
    own = status_page_url(inquiry)
    assert visitor.post(own, {"message": SPAM}).status_code == 302
    assert not Email.objects.exists()
    assert "evil3" in visitor.get(own).content.decode(), "the sender does not notice"
    page = f"{LIST}{inquiry.pk}/change/"
    assert "many links" in as_user(july.user).get(page).content.decode()
    as_user(july.user).post(page, {"new_status": "answered", "release": "on"})
    inquiry.refresh_from_db()
    assert inquiry.status == "assigned"
    assert inquiry.events.filter(kind="message").count() == 1
    assert "evil3" in Email.objects.get(to="july@example.com").message
    assert Email.objects.count() == 1


def test_messages_to_a_held_inquiry_are_held_until_it_is_released(held_inquiry, visitor, manager):
    own = status_page_url(held_inquiry)
    assert visitor.post(own, {"message": "Are you there?"}).status_code == 302
    assert not Email.objects.exists()
    assert "Are you there?" in visitor.get(own).content.decode(), "the sender does not notice"
    release_inquiry(held_inquiry, by=manager)
    assert held_inquiry.events.filter(kind="message", text="Are you there?").exists()
    assert Email.objects.filter(to=manager.email, message__contains="Are you there?").exists()


def test_contacts_cannot_release_inquiries_of_others(as_user, held_inquiry):
    client = as_user(make_user("Sales"))
    client.post(f"{LIST}{held_inquiry.pk}/change/", {"new_status": "spam", "release": "on"})
    client.post(LIST, {"action": "release", "_selected_action": [held_inquiry.pk]})
    held_inquiry.refresh_from_db()
    assert held_inquiry.status == "spam"


def test_too_many_inquiries_from_one_email_address_are_refused(visitor, settings):
    settings.INQUIRY_RATE = (2, 3600)
    for number in range(3):
        data = typed(message=str(number))
        response = visitor.post("/inquiry/", data, REMOTE_ADDR=f"192.0.2.{number}")
    assert response.status_code == 429
    own = status_page_url(Inquiry.objects.first())
    response = visitor.post(own, {"message": "Still there?"}, REMOTE_ADDR="192.0.2.9")
    assert response.status_code == 429
    assert "Still there?" in response.content.decode()


@pytest.mark.parametrize(("seconds", "reasons"), [(1, "links fast"), (60, "links")])
def test_the_stamp_contains_the_time_when_the_form_was_opened(
    visitor, monkeypatch, seconds, reasons
):
    page = visitor.get("/inquiry/").content.decode()
    stamp = re.search(r'name="stamp" value="([^"]+)"', page)[1]
    now = form_stamp.time.time()
    monkeypatch.setattr(form_stamp.time, "time", lambda: now + seconds)
    links = " ".join(f"https://site{n}.example" for n in range(6))
    visitor.post("/inquiry/", typed(stamp=stamp, message=links))
    assert " ".join(Inquiry.objects.get().events.get(kind="held").data["reasons"]) == reasons


@pytest.mark.parametrize("forge", [lambda stamp: "", lambda stamp: stamp[:-2] + "xx"])
def test_a_forged_stamp_has_no_age(visitor, forge):
    visitor.post("/inquiry/", typed(stamp=forge(form_stamp.new_stamp()), message=SPAM))
    assert Inquiry.objects.get().events.get(kind="held").data == {"reasons": ["links", "unstamped"]}


def test_the_status_page_and_the_basket_are_screened_too(visitor):
    inquiry = make_inquiry()
    visitor.post(status_page_url(inquiry), {"message": "Good day", "subject": "Win"})
    assert inquiry.events.filter(kind="held_message").exists()
    visitor.post("/inquiry/basket/", {"product": make_product(slug="drill").slug, "quantity": 2})
    visitor.post("/inquiry/", typed(message=SPAM))
    other = Inquiry.objects.exclude(pk=inquiry.pk).get()
    assert (other.status, other.lines.get().product_name[:7]) == ("spam", "Product")


def with_contact(inquiry: Inquiry, status: str) -> Inquiry:
    """The inquiry of a contact, in a status that its contact or the buyer brought about."""
    if status == "new":
        return inquiry
    contact = make_contact(email="july@example.com", user=make_user("Sales"))
    assign_inquiry(inquiry, contact, by=None)
    if status in {"answered", "assigned again"}:
        answer_inquiry(inquiry, "It costs 5.", by=contact.user)
    if status == "assigned again":
        add_message(inquiry, "And the freight?")
    if status in {"quoted", "won", "lost"}:
        change_status(inquiry, status, by=None)
    return inquiry


@pytest.mark.parametrize(
    "status", ["new", "assigned", "answered", "assigned again", "quoted", "won", "lost"]
)
def test_an_inquiry_marked_as_spam_by_mistake_is_as_before_once_released(manager, status):
    inquiry = with_contact(make_inquiry(submission=Submission("Good day")), status)
    Inquiry.objects.update(due_at=timezone.now() - timedelta(days=3), reminded_at=timezone.now())
    inquiry.refresh_from_db()
    before = {field.name: getattr(inquiry, field.name) for field in Inquiry._meta.fields}
    Email.objects.all().delete()
    change_status(inquiry, "spam", by=manager)
    release_inquiry(inquiry, by=manager)
    inquiry.refresh_from_db()
    assert before == {field.name: getattr(inquiry, field.name) for field in Inquiry._meta.fields}
    assert not Email.objects.filter(to=inquiry.email).exists(), "it was acknowledged before"


@pytest.mark.parametrize(("status", "count"), [("new", 1), ("assigned", 1), ("answered", 0)])
def test_a_release_acknowledges_an_inquiry_that_was_neither_acknowledged_nor_answered(
    manager, status, count
):
    inquiry = with_contact(make_inquiry(), status)
    Email.objects.all().delete()
    for _ in range(2):
        change_status(inquiry, "spam", by=manager)
        release_inquiry(inquiry, by=manager)
    inquiry.refresh_from_db()
    assert inquiry.status == status
    assert Email.objects.filter(to=inquiry.email).count() == count


def test_a_release_does_not_acknowledge_an_inquiry_by_telephone(manager):
    inquiry = make_inquiry(source="phone")
    change_status(inquiry, "spam", by=manager)
    release_inquiry(inquiry, by=manager)
    assert inquiry.status == "new"
    assert not Email.objects.filter(to=inquiry.email).exists()


def test_an_inquiry_assigned_while_it_was_spam_is_assigned_once_released(manager):
    inquiry = make_inquiry()
    change_status(inquiry, "spam", by=manager)
    assign_inquiry(inquiry, make_contact(), by=manager)
    release_inquiry(inquiry, by=manager)
    assert inquiry.status == "assigned"


def test_a_message_held_in_the_meantime_awaits_a_reply_once_released(manager):
    inquiry = with_contact(make_inquiry(), "answered")
    change_status(inquiry, "spam", by=manager)
    receive_message(inquiry, Submission("Are you there?", is_email=True), key=None)
    release_inquiry(inquiry, by=manager)
    inquiry.refresh_from_db()
    assert inquiry.status == "assigned"
    assert inquiry.due_at > timezone.now()
