"""The e-mails about an inquiry form one thread."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from post_office.models import Email

from inquiries.emails import threads
from inquiries.models import Inquiry, InquiryEvent
from inquiries.services import (
    acknowledge_inquiry,
    add_message,
    add_note,
    answer_inquiry,
    assign_inquiry,
    record_event,
)
from tests.factories import make_company, make_contact, make_inquiry, make_user
from tests.inquiries.test_inquiry_form import typed

pytestmark = pytest.mark.django_db

Kind = InquiryEvent.Kind


@pytest.fixture
def contact():
    return make_contact(name="Candy", email="candy@example.com", user=make_user("Sales"))


@pytest.fixture
def inquiry(contact):
    """An inquiry that was acknowledged and assigned."""
    inquiry = make_inquiry()
    acknowledge_inquiry(inquiry)
    assign_inquiry(inquiry, contact, by=None)
    return inquiry


def mails_to_buyer() -> list[Email]:
    return list(Email.objects.filter(to="peter@example.com").order_by("pk"))


def test_each_answer_refers_to_the_earlier_emails_and_keeps_the_subject(contact, inquiry):
    make_company(name="Example Machines")
    answer_inquiry(inquiry, "One", by=contact.user)
    add_message(inquiry, "Thank you", message_id="<from-buyer@example.com>")
    answer_inquiry(inquiry, "Two", by=contact.user)
    first, second, third = mails_to_buyer()
    assert first.message_id.endswith("@testserver>")
    assert "In-Reply-To" not in first.headers
    assert second.headers["In-Reply-To"] == second.headers["References"] == first.message_id
    assert third.headers["In-Reply-To"] == "<from-buyer@example.com>"
    assert third.headers["References"].split() == [
        first.message_id,
        second.message_id,
        "<from-buyer@example.com>",
    ]
    assert (
        second.subject
        == third.subject
        == f"Re: Your inquiry {inquiry.reference} – Example Machines"
    )
    ids = [e.message_id for e in inquiry.events.filter(kind__in=[Kind.RECEIVED, Kind.ANSWERED])]
    assert ids == [first.message_id, second.message_id, third.message_id]


def test_answers_continue_the_subject_of_the_acknowledgement(visitor, contact):
    make_company(name="Example Machines")
    visitor.post("/zh-hans/inquiry/", typed(email="peter@example.com"))
    inquiry = InquiryEvent.objects.get(kind=Kind.RECEIVED).inquiry
    assign_inquiry(inquiry, contact, by=None)
    answer_inquiry(inquiry, "您好", by=contact.user)
    first, second = mails_to_buyer()
    assert second.subject == f"Re: {first.subject}"


def test_the_first_email_of_a_thread_is_not_a_reply(contact):
    inquiry = make_inquiry()
    assign_inquiry(inquiry, contact, by=None)
    answer_inquiry(inquiry, "One", by=contact.user)
    [mail] = mails_to_buyer()
    assert mail.subject.startswith("Your inquiry")
    assert "References" not in mail.headers


def test_notes_and_bounces_do_not_belong_to_the_thread(inquiry):
    record_event(inquiry, Kind.NOTE, message_id="<vacation@example.com>")
    record_event(inquiry, Kind.BOUNCED, message_id="<daemon@example.com>")
    assert "<vacation@example.com>" not in threads.thread_headers(inquiry)["References"]
    assert "<daemon@example.com>" not in threads.thread_headers(inquiry)["References"]


def test_a_long_thread_refers_to_the_first_and_the_last_emails(inquiry):
    first = inquiry.events.get(kind=Kind.RECEIVED).message_id
    for number in range(200):
        record_event(inquiry, Kind.MESSAGE, message_id=f"<{number}@example.com>")
    references = threads.thread_headers(inquiry)["References"].split()
    assert references[0] == first
    assert references[-1] == "<199@example.com>"
    assert len(references) == threads.MAX_REFERENCES + 1


def test_the_last_message_is_quoted_with_its_time_in_the_buyers_time_zone(contact, inquiry):
    inquiry.time_zone = "Asia/Shanghai"
    inquiry.save()
    assert "> What does it cost?" in threads.quotation(inquiry)
    add_message(inquiry, "And in blue?\n\n> quoted\n{{ it }}")
    inquiry.events.filter(kind=Kind.MESSAGE).update(at=datetime(2026, 11, 25, 9, 12, tzinfo=UTC))
    record_event(inquiry, Kind.HELD_MESSAGE, text="Buy pills")
    add_note(inquiry, "Haggles.", by=contact.user)
    assert threads.quotation(inquiry) == (
        "On 2026-11-25 17:12, Peter Sample wrote:\n> And in blue?\n>\n> > quoted\n> {{ it }}"
    )
    answer_inquiry(inquiry, "Yes.", by=contact.user)
    assert "> {{ it }}" in mails_to_buyer()[-1].message


def test_a_long_message_is_quoted_partially(inquiry):
    for text in ("x" * 100_000, "x\n" * 2000):
        add_message(inquiry, text)
        quoted = threads.quotation(inquiry)
        assert len(quoted) < 6000
        assert quoted.endswith("> […]")


def test_an_answer_has_the_contacts_name_and_the_sites_email_address(settings, contact, inquiry):
    settings.DEFAULT_FROM_EMAIL = "Shop <noreply@example.com>"
    make_company(name="Example Machines")
    answer_inquiry(inquiry, "One", by=contact.user)
    mail = mails_to_buyer()[-1]
    assert mail.from_email == '"Candy at Example Machines" <noreply@example.com>'
    assert mail.headers["Reply-To"] == "candy@example.com"


def test_replies_go_to_the_mailbox_that_the_site_fetches(settings, contact, inquiry):
    settings.REPLY_ADDRESS = "replies@example.com"
    Inquiry.objects.update(acknowledged_at=None)
    acknowledge_inquiry(inquiry)
    answer_inquiry(inquiry, "One", by=contact.user)
    assert [m.headers.get("Reply-To") for m in mails_to_buyer()[1:]] == ["replies@example.com"] * 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(
    "name",
    [
        "Candy\r\nBcc: victim@example.com",
        'Candy "the <best>" of @ll, \\',
        "坎迪 " * 33,
        "x" * 100,
        "\u2028\x07Candy",
    ],
)
def test_unusual_names_neither_add_headers_nor_stop_the_answer(smtp_server, name):
    make_company(name="Example, Machines\nX-Evil: yes" + "é" * 150)
    contact = make_contact(name="Candy", email="candy@example.com", user=make_user("Sales"))
    inquiry = make_inquiry(name="Peter\r\nBcc: victim@example.com")
    assign_inquiry(inquiry, contact, by=None)
    contact.name = name
    inquiry.assigned_to = contact
    contact.save()
    answer_inquiry(inquiry, "Hello\r\nBcc: victim@example.com", by=contact.user)
    message = smtp_server.received_by("peter@example.com", inquiry.reference)
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    assert message["From"].addresses[0].addr_spec == "noreply@localhost"
    assert len(message["From"].addresses) == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_retried_email_keeps_its_message_id(smtp_server, settings):
    contact = make_contact(name="Candy", email="candy@example.com", user=make_user("Sales"))
    inquiry = make_inquiry()
    assign_inquiry(inquiry, contact, by=None)
    answer_inquiry(inquiry, "One", by=contact.user)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    call_command("run_worker", "--once")
    assert smtp_server.messages == []
    settings.EMAIL_PORT = port
    Email.objects.update(scheduled_time=timezone.now() - timedelta(seconds=1))
    message = smtp_server.received_by("peter@example.com", inquiry.reference)
    assert message["Message-ID"] == inquiry.events.get(kind=Kind.ANSWERED).message_id
