"""The buyer's status page."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from inquiries.display.events import event_summary
from inquiries.models import Inquiry
from inquiries.services import add_message, add_note, answer_inquiry, assign_inquiry, change_status
from tests.factories import make_inquiry, make_user
from tests.inquiries.urls import status_page_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def inquiry(july):
    inquiry = make_inquiry(message="What does it cost?")
    assign_inquiry(inquiry, july, by=None)
    return inquiry


def test_the_buyer_sees_the_conversation_without_internal_notes(visitor, inquiry, july):
    add_note(inquiry, "Haggles, be firm.", by=july.user)
    answer_inquiry(inquiry, "It costs <5>.", by=july.user)
    page = visitor.get(status_page_url(inquiry)).content.decode()
    assert "What does it cost?" in page
    assert "It costs &lt;5&gt;." in page
    assert "July" in page
    assert "We have replied to your inquiry" in page
    assert "Haggles" not in page
    assert july.user.username not in page


@pytest.mark.parametrize("status", Inquiry.Status.values)
def test_every_status_has_a_friendly_text(visitor, inquiry, status):
    Inquiry.objects.update(status=status)
    page = visitor.get(status_page_url(inquiry))
    assert page.status_code == 200
    lead = re.search(r'class="lead">\s*(.+?)\s*<', page.content.decode())[1]
    assert "spam" not in lead.lower()
    assert len(lead) > 20


def test_the_url_is_hidden_from_search_engines_and_other_sites(visitor, inquiry):
    response = visitor.get(status_page_url(inquiry))
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "no-store" in response.headers["Cache-Control"]
    page = response.content.decode()
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert 'rel="canonical"' not in page
    assert not response.cookies


@pytest.mark.parametrize("token", ["nonsense", "ABCDEFGH:1abc:forged", "%00"])
def test_an_invalid_token_is_not_found(visitor, token):
    assert visitor.get(f"/inquiry/status/{token}/").status_code == 404
    assert visitor.post(f"/inquiry/status/{token}/", {"message": "x"}).status_code == 404


def test_the_token_of_the_thank_you_page_does_not_open_the_status_page(visitor, inquiry):
    assert visitor.get(f"/inquiry/thanks/{inquiry.token}/").status_code == 200
    assert visitor.get(f"/inquiry/status/{inquiry.token}/").status_code == 404


def test_a_link_expires(visitor, inquiry, monkeypatch):
    url = status_page_url(inquiry)
    later = timezone.now() + timedelta(days=401)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    assert visitor.get(url).status_code == 404


def test_an_inquiry_that_awaits_a_reply_again_is_not_shown_as_answered(visitor, inquiry, july):
    answer_inquiry(inquiry, "It costs 5.", by=july.user)
    assert visitor.get(status_page_url(inquiry)).content.decode().count('class="done"') == 3
    add_message(inquiry, "And with a motor?")
    assert visitor.get(status_page_url(inquiry)).content.decode().count('class="done"') == 2


def test_a_message_notifies_the_contact_and_awaits_a_reply(inquiry, july):
    answer_inquiry(inquiry, "It costs 5.", by=july.user)
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(status_page_url(inquiry)).content.decode()
    stamp = re.search(r'name="stamp" value="([^"]+)"', page)[1]
    data = {"message": "And with\na motor?", "stamp": stamp}
    for _ in range(2):  # pressed twice
        response = browser.post(status_page_url(inquiry), data, headers={"Origin": "null"})
        assert response.status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.status == "assigned"
    assert inquiry.due_at > timezone.now()
    assert inquiry.events.filter(kind="message").count() == 1
    mail = Email.objects.filter(to="july@example.com").latest("pk")
    assert "And with\na motor?" in mail.message
    assert "/admin/inquiries/inquiry/" in mail.message
    page = browser.get(response.url.partition("#")[0]).content.decode()
    assert "we have received your message" in page
    assert "And with\na motor?" in page


def test_a_message_reopens_a_lost_inquiry(visitor, inquiry, july):
    change_status(inquiry, "lost", by=july.user)
    Inquiry.objects.update(due_at=timezone.now() - timedelta(days=30))
    visitor.post(status_page_url(inquiry), {"message": "We want it after all."})
    inquiry.refresh_from_db()
    assert inquiry.status == "assigned"
    assert inquiry.due_at > timezone.now()
    assert event_summary(inquiry.events.last()) == "Assigned"


def test_a_message_makes_a_lost_unassigned_inquiry_new(visitor):
    inquiry = make_inquiry()
    change_status(inquiry, "lost", by=None)
    visitor.post(status_page_url(inquiry), {"message": "We want it after all."})
    inquiry.refresh_from_db()
    assert inquiry.status == "new"


@pytest.mark.parametrize("path", ["/inquiry/", None])
def test_the_message_field_has_no_maxlength(visitor, inquiry, path):
    page = visitor.get(path or status_page_url(inquiry)).content.decode()
    assert "maxlength" not in re.search(r"<textarea[^>]*>", page)[0]


def test_a_message_to_an_unassigned_inquiry_notifies_the_managers(visitor):
    make_user("Managers", username="manager")
    inquiry = make_inquiry()
    visitor.post(status_page_url(inquiry), {"message": "Are you there?"})
    assert "Are you there?" in Email.objects.latest("pk").message
    assert Email.objects.latest("pk").to == ["manager@example.com"]


@pytest.mark.parametrize("message", ["", "  ", "x" * 5001])
def test_an_invalid_message_shows_its_error(visitor, inquiry, message):
    response = visitor.post(status_page_url(inquiry), {"message": message})
    assert response.status_code == 422
    assert response.context["form"].errors["message"]
    assert not inquiry.events.filter(kind="message").exists()


def test_an_answer_by_email_links_to_the_page(inquiry, july):
    answer_inquiry(inquiry, "It costs 5.", by=july.user)
    assert "/inquiry/status/" in Email.objects.get(to="peter@example.com").message
