"""Managers assign inquiries to contacts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import Email

from inquiries.display.events import event_summary
from inquiries.emails import staff
from inquiries.models import Inquiry
from inquiries.services import StatusChangeError, assign_inquiry, change_status
from tests.factories import make_contact, make_inquiry, make_product, make_user
from tests.inquiries.urls import change_url

pytestmark = pytest.mark.django_db

LIST = "/admin/inquiries/inquiry/"


@pytest.fixture
def manager():
    return make_user("Managers", username="the-manager")


def test_only_the_managers_are_notified_of_a_new_inquiry(manager):
    make_user("Managers", username="second")
    make_user("Managers", username="inactive", is_active=False)
    make_user("Sales", username="seller")
    inquiry = make_inquiry(company="Example GmbH")
    mails = Email.objects.all()
    assert sorted(mail.to[0] for mail in mails) == ["second@example.com", "the-manager@example.com"]
    assert inquiry.reference in mails[0].subject
    assert "What does it cost?" in mails[0].message
    assert f"http://testserver{change_url(inquiry)}" in mails[0].message


def test_a_manager_assigns_an_inquiry_and_the_contact_is_notified(as_user, manager):
    contact = make_contact(name="Candy", email="candy@example.com")
    inquiry = make_inquiry()
    response = as_user(manager).post(
        change_url(inquiry), {"contact": contact.pk, "new_status": "new"}
    )
    assert response.status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.assigned_to == contact
    assert inquiry.status == "assigned"
    event = inquiry.events.last()
    assert (event.kind, event.actor, event.data["contact"]) == (
        "assigned",
        manager,
        contact.pk,
    )
    mail = Email.objects.get(to="candy@example.com")
    assert inquiry.reference in mail.subject


def test_several_inquiries_are_assigned_from_the_list(as_user, manager):
    contact = make_contact(email="candy@example.com")
    chosen = [make_inquiry() for _ in range(3)]
    other = make_inquiry()
    response = as_user(manager).post(
        LIST,
        {"action": "assign", "contact": contact.pk, "_selected_action": [i.pk for i in chosen]},
        follow=True,
    )
    assert "3 inquiries assigned" in response.content.decode()
    assert set(Inquiry.objects.filter(assigned_to=contact)) == set(chosen)
    other.refresh_from_db()
    assert other.assigned_to is None
    assert Email.objects.filter(to="candy@example.com").count() == 3


@pytest.mark.parametrize("contact", ["", "999", "nonsense", "inactive"])
def test_assigning_without_a_contact_shows_an_error(as_user, manager, contact):
    if contact == "inactive":
        contact = make_contact(is_active=False).pk
    inquiry = make_inquiry()
    response = as_user(manager).post(
        LIST,
        {"action": "assign", "contact": contact, "_selected_action": [inquiry.pk]},
        follow=True,
    )
    assert response.status_code == 200
    assert "Select the contact" in response.content.decode()
    inquiry.refresh_from_db()
    assert inquiry.assigned_to is None


def test_assigning_to_the_same_contact_again_sends_no_email(manager):
    contact = make_contact(email="candy@example.com")
    inquiry = make_inquiry()
    assign_inquiry(inquiry, contact, by=manager)
    assign_inquiry(inquiry, contact, by=manager)
    assert Email.objects.filter(to="candy@example.com").count() == 1
    assert inquiry.events.filter(kind="assigned").count() == 1


def test_an_assigned_inquiry_cannot_be_unassigned(as_user, manager):
    inquiry = make_inquiry()
    assign_inquiry(inquiry, make_contact(), by=manager)
    response = as_user(manager).post(change_url(inquiry), {"contact": "", "new_status": "assigned"})
    assert "contact" in response.context["adminform"].form.errors


def test_only_allowed_statuses_are_accepted(manager):
    inquiry = make_inquiry()
    assert inquiry.allowed_statuses == ["lost", "spam"]
    with pytest.raises(StatusChangeError, match="cannot change"):
        change_status(inquiry, "won", by=manager)
    assign_inquiry(inquiry, make_contact(), by=manager)
    change_status(inquiry, "won", by=manager)
    inquiry.refresh_from_db()
    assert inquiry.status == "won"
    assert event_summary(inquiry.events.last()) == "Won"


def test_a_failure_rolls_everything_back(monkeypatch, manager):
    def fail(*args):
        raise RuntimeError("the outbox is broken")

    monkeypatch.setattr(staff, "notify_managers_of_new_inquiry", fail)
    with pytest.raises(RuntimeError):
        make_inquiry()
    assert not Inquiry.objects.exists()

    monkeypatch.undo()
    inquiry = make_inquiry()
    monkeypatch.setattr(staff, "notify_assigned_contact", fail)
    with pytest.raises(RuntimeError):
        assign_inquiry(inquiry, make_contact(), by=manager)
    inquiry.refresh_from_db()
    assert inquiry.assigned_to is None
    assert inquiry.events.count() == 1


def test_the_list_shows_overdue_inquiries_and_searches_by_buyer(as_user, manager):
    late = make_inquiry(name="Late Larry", created_at=timezone.now() - timedelta(days=9))
    make_inquiry(name="Early Eve")
    client = as_user(manager)
    page = client.get(f"{LIST}?late=yes").content.decode()
    assert "Late Larry" in page
    assert "Early Eve" not in page
    assert late.is_overdue
    page = client.get(f"{LIST}?q=eve").content.decode()
    assert "Early Eve" in page
    assert "Late Larry" not in page


def test_the_number_of_queries_does_not_depend_on_the_rows_of_the_list(as_user, manager):
    client = as_user(manager)

    def add() -> None:
        line = {"product": make_product(), "quantity": 1}
        assign_inquiry(make_inquiry(lines=[line]), make_contact(), by=manager)

    add()
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(19):
        add()
    with CaptureQueriesContext(connection) as many:
        response = client.get(LIST)
    assert len(response.context["cl"].result_list) == 20
    assert len(many) == len(one)


@pytest.mark.parametrize("status", ["assigned", "answered", "quoted", "won", "lost"])
def test_an_assigned_inquiry_can_get_every_status_but_new(status):
    inquiry = make_inquiry()
    assign_inquiry(inquiry, make_contact(), by=None)
    Inquiry.objects.update(status=status)
    inquiry.refresh_from_db()
    others = {"assigned", "answered", "quoted", "won", "lost", "spam"} - {status}
    assert set(inquiry.allowed_statuses) == others
