"""Events store data; their text is created in the reader's language."""

from uuid import uuid4

import pytest
from django.utils import translation

from contacts.models import Contact
from inquiries.display.events import event_sentence, event_summary
from inquiries.models import AssignmentRule, Inquiry, InquiryEvent
from inquiries.screening import Submission
from inquiries.services import (
    assign_inquiry,
    change_status,
    erase_inquiry,
    merge_inquiries,
    receive_inquiry,
    report_delivery_failure,
    split_inquiry,
)
from tests.factories import make_inquiry, make_product, make_user
from tests.inquiries.absences import add_absence

pytestmark = pytest.mark.django_db


def last_event(inquiry: Inquiry, kind: str) -> InquiryEvent:
    return inquiry.events.filter(kind=kind).latest()


def test_an_assignment_by_a_user_records_the_contact(candy: Contact):
    inquiry = make_inquiry()
    assign_inquiry(inquiry, candy, by=make_user("Managers"))
    event = last_event(inquiry, "assigned")
    assert event.data == {"contact": candy.pk, "contact_name": "Candy"}
    assert event.text == ""
    assert event_summary(event) == "Candy"


def test_an_assignment_by_a_rule_records_reason_rule_and_absent_contact(candy, abner):
    add_absence(candy, substitute=abner)
    rule = AssignmentRule.objects.create(name="Africa", contact=candy, countries="KE")
    event = last_event(make_inquiry(country="KE"), "assigned")
    assert event.data == {
        "contact": abner.pk,
        "contact_name": "Abner",
        "reason": "rule",
        "rule": rule.pk,
        "rule_name": "Africa",
        "absent": candy.pk,
        "absent_name": "Candy",
    }
    assert event_summary(event) == "Abner (rule “Africa”), substituting for Candy"


def test_the_text_is_in_the_readers_language():
    inquiry = make_inquiry()
    change_status(inquiry, "lost", by=None)
    event = last_event(inquiry, "status_changed")
    assert event.data == {"status": "lost"}
    assert event_summary(event) == "Lost"
    with translation.override("zh-hans"):
        assert event_summary(event) == Inquiry.Status("lost").label != "Lost"


def test_a_held_inquiry_records_the_reasons():
    spam = Submission(text="<script>", honeypot="x", is_email=True)
    inquiry = receive_inquiry(
        submission=spam, name="x", email="x@example.com", message="x", language="en"
    )
    assert last_event(inquiry, "held").data == {"reasons": ["honeypot", "script"]}


def test_a_delivery_failure_records_the_report():
    inquiry = make_inquiry()
    report_delivery_failure(inquiry, "550 No such user", key=uuid4())
    event = last_event(inquiry, "bounced")
    assert event.data == {"report": "550 No such user"}
    assert event_summary(event) == "550 No such user"


def test_merging_records_the_reference_and_another_buyer():
    older, newer = make_inquiry(), make_inquiry(email="paul@example.com", company="Paul Ltd.")
    event = last_event(merge_inquiries(older, newer, by=None), "merged")
    assert event.data == {
        "reference": newer.reference,
        "buyer": ["Peter Sample <paul@example.com>", "Paul Ltd."],
    }
    expected = f"{newer.reference}, Peter Sample <paul@example.com>, Paul Ltd."
    assert event_summary(event) == expected


def test_splitting_records_the_reference_of_the_other_inquiry():
    user = make_user("Managers", first_name="Ann", last_name="Boss")
    lines = [{"product": make_product(), "quantity": number} for number in (1, 2)]
    inquiry = make_inquiry(lines=lines)
    line = inquiry.lines.first().pk
    new = split_inquiry(inquiry, lines=[line], messages=[], by=user)
    event = last_event(inquiry, "split")
    assert event.data == {"reference": new.reference}
    assert event_sentence(event) == "Ann Boss split it"


def test_erasing_removes_personal_data_from_events_and_keeps_the_rest(candy):
    inquiry = make_inquiry()
    assign_inquiry(inquiry, candy, by=None)
    report_delivery_failure(inquiry, "peter@example.com: no such user", key=uuid4())
    inquiry = merge_inquiries(inquiry, make_inquiry(email="paul@example.com"), by=None)
    erase_inquiry(inquiry, by=None)
    assert last_event(inquiry, "bounced").data == {}
    assert last_event(inquiry, "merged").data == {}
    assert last_event(inquiry, "assigned").data["contact"] == candy.pk
    everything = repr(list(inquiry.events.values()))
    assert "peter@example.com" not in everything
    assert "paul@example.com" not in everything


def test_erasing_twice_does_nothing():
    inquiry = make_inquiry()
    erase_inquiry(inquiry, by=None)
    erase_inquiry(inquiry, by=None)
    assert inquiry.events.filter(kind="erased").count() == 1
