"""The webhook for inbound e-mail."""

import base64
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inquiries.inbound_mail import webhook
from inquiries.models import InquiryEvent
from tests.inquiries.inbound_messages import bounce, mail, reply

pytestmark = pytest.mark.django_db

URL = "/inquiry/replies/"
KEY = "a-long-random-key"


@pytest.fixture(autouse=True)
def _with_key(settings):
    settings.REPLY_ADDRESS, settings.REPLY_WEBHOOK_KEY = "replies@example.com", KEY


@pytest.fixture
def inquiry(answered):
    return answered


def post(client, body: bytes | str, kind: str = "message/rfc822", key: str = f"Bearer {KEY}"):
    return client.post(URL, body, content_type=kind, headers={"Authorization": key})


def test_a_reply_is_saved_once(client, inquiry):
    raw = bytes(reply(inquiry))
    assert [post(client, raw).content for _ in "ab"] == [b"kept\n", b"known\n"]
    assert inquiry.events.filter(kind="message").count() == 1
    assert post(client, bounce(inquiry)).status_code == 200
    assert inquiry.events.filter(kind="bounced").count() == 1


@pytest.mark.parametrize("field", ["body-mime", "email"])
def test_the_message_may_be_a_form_field(client, inquiry, field):
    big = b"%PDF-" + b"x" * 3_000_000  # more than Django's limit for form data
    for text in ("Größe", "价格"):
        message = reply(inquiry, text)
        message.add_attachment(big, "application", "pdf", filename="a.pdf")
        raw = message.as_bytes()
        if text == "Größe":
            response = post(
                client, urlencode({"x": 1, field: raw}), "application/x-www-form-urlencoded"
            )
        else:
            data = {"x": "1", field: raw.decode()}
            response = client.post(URL, data, headers={"Authorization": f"Bearer {KEY}"})
        assert response.content == b"kept\n"
    messages = inquiry.events.filter(kind="message")
    assert [event.text for event in messages] == ["Größe", "价格"]
    assert {event.attachments.get().size for event in messages} == {len(big)}


def test_the_message_may_be_an_uploaded_file(client, inquiry):
    file = SimpleUploadedFile("mail.eml", bytes(reply(inquiry)), "message/rfc822")
    response = client.post(URL, {"email": file}, headers={"Authorization": f"Bearer {KEY}"})
    assert response.content == b"kept\n"
    assert inquiry.events.get(kind="message").text == "Yes, five."


def test_requests_without_the_key_are_refused(client, inquiry, settings):
    raw = bytes(reply(inquiry))
    assert client.post(URL, raw, content_type="message/rfc822").status_code == 401
    for wrong in ("Bearer x", f"Bearer {KEY}x", f"Basic {KEY}", "Basic !!", "Digest x", "Bearer "):
        assert post(client, raw, key=wrong).status_code in {401, 403}
    assert not inquiry.events.filter(kind="message").exists()
    basic = base64.b64encode(f"site:{KEY}".encode()).decode()
    assert post(client, raw, key=f"Basic {basic}").status_code == 200
    settings.REPLY_WEBHOOK_KEY = ""
    for key in ("Bearer ", "Bearer", "Basic Og==", f"Bearer {KEY}"):
        assert post(client, raw, key=key).status_code == 404
    assert client.get(URL).status_code == 405


def test_guessing_the_key_is_rate_limited(client):
    codes = [post(client, b"x", key="Bearer guess").status_code for _ in range(25)]
    assert codes[0] == 403
    assert codes[-1] == 429


def test_large_and_frequent_messages_are_refused(client, inquiry, monkeypatch):
    monkeypatch.setattr(webhook, "MAX_BYTES", 1000)
    assert post(client, bytes(reply(inquiry, "x" * 2000))).status_code == 413
    monkeypatch.setattr(webhook, "MESSAGE_RATE", (2, 3600))
    assert post(client, bytes(reply(inquiry))).status_code == 200
    assert post(client, bytes(reply(inquiry))).status_code == 429


def test_unreadable_and_unmatched_messages_are_reported(client, inquiry):
    assert post(client, b"no mail").status_code == 422
    assert post(client, "a=b", "application/x-www-form-urlencoded").status_code == 422
    assert post(client, b"--x\r\n", "multipart/form-data; boundary=x").status_code == 422
    assert post(client, b"", "multipart/form-data").status_code == 422
    response = post(client, bytes(mail("Hello", to="other@example.com")))
    assert (response.status_code, response.content) == (404, b"unmatched\n")
    response = post(client, bytes(mail("Hello", auto_submitted="auto-generated")))
    assert (response.status_code, response.content) == (404, b"ignored\n")
    assert not InquiryEvent.objects.filter(kind="message").exists()


def test_an_email_to_the_inquiry_address_becomes_an_inquiry(client):
    raw = bytes(mail("Hello"))
    responses = [post(client, raw) for _ in range(2)]
    assert [each.status_code for each in responses] == [200, 200]
    assert [each.content for each in responses] == [b"new\n", b"known\n"]


def test_no_csrf_token_and_no_cookie_is_needed(inquiry):
    strict = Client(enforce_csrf_checks=True)
    response = post(strict, bytes(reply(inquiry)))
    assert response.status_code == 200
    assert not response.cookies


def test_spam_is_held(client, inquiry):
    assert post(client, bytes(reply(inquiry, "<script>alert(1)</script>"))).status_code == 200
    assert not inquiry.events.filter(kind="message").exists()
    assert inquiry.events.get(kind="held_message").text == "<script>alert(1)</script>"
