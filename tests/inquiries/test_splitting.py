"""Part of an inquiry becomes a new inquiry."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from inquiries.files import prepare_upload
from inquiries.models import Inquiry
from inquiries.services import add_message, answer_inquiry, assign_inquiry
from tests.factories import make_inquiry, make_product, make_user
from tests.inquiries.test_attachments import pdf

pytestmark = pytest.mark.django_db

ADMIN = "/admin/inquiries/inquiry/"


@pytest.fixture
def inquiry(july) -> Inquiry:
    lines = [{"product": make_product(name=name), "quantity": 2} for name in ("Drill", "Saw")]
    inquiry = make_inquiry(lines=lines, message="How much?", company="Example GmbH", country="DE")
    assign_inquiry(inquiry, july, by=None)
    add_message(inquiry, "Another thing: do you rent?", files=[prepare_upload(pdf())])
    Email.objects.all().delete()
    return inquiry


def split_url(inquiry: Inquiry) -> str:
    return f"{ADMIN}{inquiry.pk}/split/"


def test_lines_and_messages_move_to_a_new_inquiry_of_the_same_buyer(
    as_user, visitor, inquiry, july
):
    client = as_user(july.user)
    message = inquiry.events.get(kind="message")
    page = client.get(split_url(inquiry)).content.decode()
    assert "do you rent?" in page
    assert "drawing.pdf" in page
    data = {"lines": [inquiry.lines.last().pk], "messages": [message.pk]}
    response = client.post(split_url(inquiry), data, follow=True)
    assert "This is the new inquiry" in response.content.decode()
    new = Inquiry.objects.exclude(pk=inquiry.pk).get()
    assert (new.email, new.company, new.country) == (inquiry.email, "Example GmbH", "DE")
    assert new.message == "Another thing: do you rent?"
    assert new.created_at == message.at
    assert new.due_at > timezone.now()
    assert (new.status, new.assigned_to) == ("assigned", july)
    assert [str(line) for line in new.lines.all()] == ["2 × Saw"]
    assert [str(line) for line in inquiry.lines.all()] == ["2 × Drill"]
    assert new.attachments.get().event.kind == "received"
    assert not inquiry.events.filter(kind="message").exists()
    split = inquiry.events.get(kind="split")
    assert (split.actor, split.data) == (july.user, {"reference": new.reference})
    assert new.events.get(kind="split").data["reference"] == inquiry.reference
    assert f"{ADMIN}reference/{inquiry.reference}/" in response.content.decode()
    status = visitor.get(new.status_url.removeprefix("http://testserver"))
    assert "do you rent?" in status.content.decode()
    assert not Email.objects.filter(to=inquiry.email).exists()


def test_lines_alone_come_with_a_copy_of_the_first_message(as_user, inquiry, july):
    Inquiry.objects.update(created_at=timezone.now() - timedelta(days=9))
    as_user(july.user).post(split_url(inquiry), {"lines": [inquiry.lines.first().pk]})
    new = Inquiry.objects.exclude(pk=inquiry.pk).get()
    assert new.message == "How much?"
    assert not new.is_overdue
    assert new.events.first().kind == "received"


def test_a_manager_can_leave_the_new_inquiry_unassigned(as_user, inquiry):
    manager = make_user("Managers")
    data = {"lines": [inquiry.lines.first().pk], "assignee": "none"}
    as_user(manager).post(split_url(inquiry), data)
    new = Inquiry.objects.exclude(pk=inquiry.pk).get()
    assert (new.status, new.assigned_to) == ("new", None)
    assert Email.objects.get().to == [manager.email]


def test_something_must_move_and_something_must_stay(as_user, inquiry, july):
    client = as_user(july.user)
    response = client.post(split_url(inquiry), {})
    assert response.status_code == 422
    assert "Select at least one" in response.content.decode()
    all_lines = list(inquiry.lines.values_list("pk", flat=True))
    response = client.post(split_url(inquiry), {"lines": all_lines})
    assert response.status_code == 422
    assert "Keep at least one product" in response.content.decode()
    assert Inquiry.objects.count() == 1


def test_answers_and_parts_of_other_inquiries_cannot_move(as_user, inquiry, july):
    other = make_inquiry(
        email="other@example.com", lines=[{"product": make_product(), "quantity": 1}]
    )
    answer_inquiry(inquiry, "It costs 5.", by=july.user)
    client = as_user(july.user)
    other_lines = {"lines": [other.lines.get().pk]}
    answer = {"messages": [inquiry.events.get(kind="answered").pk]}
    for data in (other_lines, answer, {"lines": ["x"]}, {"messages": [2**70]}):
        assert client.post(split_url(inquiry), data).status_code == 422
    assert client.get(split_url(other)).status_code == 404
    assert client.post(split_url(other), other_lines).status_code == 404
    assert Inquiry.objects.count() == 2


def test_splitting_requires_permission_and_a_csrf_token(inquiry, as_user, client):
    data = {"lines": [inquiry.lines.first().pk]}
    assert "/admin/login/" in client.post(split_url(inquiry), data).url
    assert as_user(make_user("Editors")).post(split_url(inquiry), data).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user("Managers"), backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(split_url(inquiry), data).status_code == 403
    assert Inquiry.objects.count() == 1


def test_spam_cannot_be_split(as_user, inquiry):
    Inquiry.objects.update(status="spam")
    data = {"lines": [inquiry.lines.first().pk], "assignee": "same"}
    response = as_user(make_user("Managers")).post(split_url(inquiry), data)
    assert "cannot be split" in response.content.decode()
