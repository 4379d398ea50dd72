"""Contacts answer their inquiries."""

import pytest
from post_office.models import Email

from inquiries.services import UnassignedInquiryError, answer_inquiry, assign_inquiry
from tests.factories import make_company, make_contact, make_inquiry, make_user
from tests.inquiries.urls import change_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    return make_contact(name="July", email="july@example.com", user=make_user("Sales"))


@pytest.fixture
def inquiry(contact):
    inquiry = make_inquiry(language="en")
    assign_inquiry(inquiry, contact, by=None)
    return inquiry


def test_an_answer_goes_to_the_buyer_and_replies_go_to_the_contact(as_user, contact, inquiry):
    make_company(name="Example Machines")
    client = as_user(contact.user)
    text = "Dear Peter,\n{{ it }} costs {% 5 %} & <more>."
    response = client.post(change_url(inquiry), {"new_status": "assigned", "answer": text})
    assert response.status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.status == "answered"
    assert inquiry.first_response_at is not None
    mail = Email.objects.get(to="peter@example.com")
    assert text in mail.message, "the text is not rendered as a template"
    assert "July" in mail.message
    assert "What does it cost?" in mail.message
    assert inquiry.reference in mail.subject
    assert mail.headers == {"Reply-To": "july@example.com"}
    event = inquiry.events.last()
    assert (event.kind, event.actor, event.text) == ("answered", contact.user, text)
    assert "costs {% 5 %} &amp; &lt;more&gt;" in client.get(change_url(inquiry)).content.decode()


def test_the_time_of_the_first_answer_does_not_change(contact, inquiry):
    answer_inquiry(inquiry, "One", by=contact.user)
    first = inquiry.first_response_at
    answer_inquiry(inquiry, "Two", by=contact.user)
    inquiry.refresh_from_db()
    assert inquiry.first_response_at == first


def test_a_note_is_saved_and_not_emailed(as_user, contact, inquiry):
    before = Email.objects.count()
    as_user(contact.user).post(change_url(inquiry), {"new_status": "assigned", "note": "Haggles."})
    assert inquiry.events.last().text == "Haggles."
    assert Email.objects.count() == before
    answer_inquiry(inquiry, "Here you are.", by=contact.user)
    mail = Email.objects.get(to="peter@example.com")
    assert "Haggles" not in mail.message


def test_a_contact_changes_the_status(as_user, contact, inquiry):
    as_user(contact.user).post(change_url(inquiry), {"new_status": "quoted"})
    inquiry.refresh_from_db()
    assert inquiry.status == "quoted"


def test_an_unassigned_inquiry_cannot_be_answered(as_user):
    inquiry = make_inquiry()
    response = as_user(make_user("Managers")).post(
        change_url(inquiry), {"new_status": "new", "answer": "A long answer, typed with care"}
    )
    form = response.context["adminform"].form
    assert "answer" in form.errors
    assert form["answer"].value() == "A long answer, typed with care"
    assert not Email.objects.filter(to="peter@example.com").exists()
    with pytest.raises(UnassignedInquiryError):
        answer_inquiry(inquiry, "x", by=make_user("Managers"))


def test_the_email_is_in_the_buyers_language(contact):
    inquiry = make_inquiry(language="zh-hans", name="李")
    assign_inquiry(inquiry, contact, by=None)
    answer_inquiry(inquiry, "您好", by=contact.user)
    mail = Email.objects.get(to="peter@example.com")
    assert "询价" in mail.subject or "询盘" in mail.subject
    to_contact = Email.objects.get(to="july@example.com")
    assert "has been assigned to you" in to_contact.subject, (
        "e-mails to the staff are in the site's language"
    )
