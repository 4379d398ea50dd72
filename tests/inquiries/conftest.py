"""Contacts with their inquiries: July must not see those assigned to Abner."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from post_office.models import Email

from contacts.models import Contact
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action
from inquiries.files import PreparedFile
from inquiries.models import Inquiry
from inquiries.services import add_note, answer_inquiry, assign_inquiry
from tests.factories import make_contact, make_inquiry, make_product, make_user


@pytest.fixture
def abners_inquiry() -> Inquiry:
    """An inquiry assigned to Abner, with products, a file, a note, an answer and a log entry."""
    file = PreparedFile(ContentFile(b"secret content", name="x.pdf"), "secret.pdf", "pdf")
    inquiry = make_inquiry(
        files=[file],
        name="Other Buyer",
        email="other@example.com",
        company="Other Mine",
        message="A secret question",
        lines=[{"product": make_product(), "quantity": 2, "unit": "pcs"}],
    )
    abner = make_user("Sales")
    assign_inquiry(inquiry, make_contact(name="Abner", user=abner), by=None)
    add_note(inquiry, "A secret note", by=abner)
    answer_inquiry(inquiry, "A secret answer", by=abner)
    log_action(StaffAction.Kind.CHANGED, inquiry, by=abner, message="A secret change")
    return inquiry


@pytest.fixture
def julys_inquiry() -> Inquiry:
    """An inquiry assigned to July, who has an account."""
    inquiry = make_inquiry(name="My Buyer", email="mine@example.com", message="My question")
    assign_inquiry(inquiry, make_contact(name="July", user=make_user("Sales")), by=None)
    return inquiry


@pytest.fixture
def seller(as_user: Callable[..., Client], julys_inquiry: Inquiry) -> Client:
    """July, logged in."""
    return as_user(julys_inquiry.assigned_to.user)


@pytest.fixture
def july() -> Contact:
    return make_contact(name="July", email="july@example.com", user=make_user("Sales"))


@pytest.fixture
def candy() -> Contact:
    return make_contact(name="Candy", email="candy@example.com")


@pytest.fixture
def abner() -> Contact:
    return make_contact(name="Abner", email="abner@example.com")


@pytest.fixture
def manager(as_user: Callable[..., Client]) -> Client:
    return as_user(make_user("Managers"))


@pytest.fixture
def reply_address(settings: Any) -> None:
    """The e-mail address for buyers' replies, and the sender of the site's own e-mails."""
    settings.REPLY_ADDRESS = "replies@example.com"
    settings.DEFAULT_FROM_EMAIL = "Shop <noreply@example.com>"


@pytest.fixture
def answered() -> Inquiry:
    """An inquiry that Candy has answered; the outbox is empty."""
    contact = make_contact(name="Candy", email="candy@example.com", user=make_user("Sales"))
    inquiry = make_inquiry()
    assign_inquiry(inquiry, contact, by=None)
    answer_inquiry(inquiry, "Five or six?", by=contact.user)
    Email.objects.all().delete()
    return inquiry
