"""E-mails with forged senders, in floods, and of very many parts."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from post_office.models import Email

from inquiries.inbound_mail.message import UnreadableError, parse_message
from inquiries.inbound_mail.processing import Outcome, process_message
from inquiries.models import Inquiry, InquiryEvent
from inquiries.services import notify_of_further_messages
from inquiries.services.notices import MAX_NOTICES
from tests.factories import make_user
from tests.inquiries.inbound_messages import bounce, mail, reply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reply_address")]

MAX_SECONDS = 5  # on a busy machine
Kind = InquiryEvent.Kind


def flood(inquiry: Inquiry, count: int) -> None:
    for number in range(count):
        process_message(bytes(reply(inquiry, f"Message {number}")))


def test_many_messages_are_reported_together(answered, set_clock):
    flood(answered, 60)
    assert answered.events.filter(kind=Kind.MESSAGE).count() == 60, "each is saved"
    assert Email.objects.count() == MAX_NOTICES
    notify_of_further_messages()
    assert Email.objects.count() == MAX_NOTICES, "not before the hour is over"
    set_clock(timezone.now() + timedelta(minutes=61))
    notify_of_further_messages()
    notify_of_further_messages()
    last = Email.objects.latest("pk")
    assert Email.objects.count() == MAX_NOTICES + 1
    assert f"55 more messages about inquiry {answered.reference}" in last.subject
    assert last.to == ["candy@example.com"]
    flood(answered, 1)
    assert Email.objects.count() == MAX_NOTICES + 2, "then the next one is reported at once"


def test_many_delivery_reports_are_reported_together(answered):
    for number in range(20):
        process_message(bounce(answered).replace(b"bounce-1@", b"bounce-%d@" % (number + 100)))
    assert answered.events.filter(kind=Kind.BOUNCED).count() == 20
    assert Email.objects.count() == MAX_NOTICES


def test_a_flood_in_one_inquiry_does_not_delay_the_notices_of_others(answered):
    flood(answered, MAX_NOTICES + 1)
    sent = mail("A new one", to="replies@example.com", from_="new@example.org")
    del sent["from-"]
    sent.replace_header("From", "New <new@example.org>")
    assert process_message(bytes(sent)) == Outcome.CREATED


SERVER = "mx.example.com"
RESULTS = [
    (f"{SERVER}; dmarc=pass (p=NONE) header.from=example.com", True),
    (f"{SERVER}; spf=pass smtp.mailfrom=peter@example.com", True),
    (f"{SERVER}; spf=pass smtp.mailfrom=bounce.example.com", True),
    (f"{SERVER} 1; dkim=pass header.d=example.com header.s=x", True),
    (f"{SERVER};\r\n dkim=fail header.d=example.com;\r\n spf=pass smtp.mailfrom=example.com", True),
    (f"{SERVER.upper()}; dkim=pass header.i=@mail.example.com", True),
    (f"{SERVER}; dkim=pass header.d=evil.example", False),
    (f"{SERVER}; dkim=pass header.d=notexample.com", False),
    (f"{SERVER}; dkim=pass header.d=com", False),
    (f"{SERVER}; spf=pass smtp.mailfrom=peter@example.com.evil.example", False),
    (f"{SERVER}; dmarc=fail header.from=example.com", False),
    (f"{SERVER}; none", False),
    (f"{SERVER}; x=y (dmarc=pass); dmarc=none", False),
    ("mx.evil.example; dmarc=pass", False),
    (f"{SERVER}.evil.example; dmarc=pass", False),
    ("", False),
    (";;;===", False),
]


@pytest.mark.parametrize(("results", "is_verified"), RESULTS)
def test_only_the_results_of_our_own_mail_server_verify_a_sender(settings, results, is_verified):
    settings.MAIL_SERVER_NAME = SERVER
    raw = bytes(mail())
    if results:
        raw = f"Authentication-Results: {results}\r\n".encode() + raw
    assert parse_message(raw).is_verified is is_verified


def test_without_the_name_of_our_server_nothing_is_known_of_a_sender(answered, admin_client):
    process_message(bytes(reply(answered)))
    assert not answered.events.last().is_unverified
    page = admin_client.get(f"/admin/inquiries/inquiry/{answered.pk}/change/").content.decode()
    assert "Sender not verified" not in page


@pytest.mark.parametrize("is_genuine", [True, False])
def test_the_timeline_shows_whether_the_sender_is_verified(
    answered, admin_client, settings, is_genuine
):
    settings.MAIL_SERVER_NAME = SERVER
    results = f"{SERVER}; dmarc={'pass' if is_genuine else 'fail'}"
    assert process_message(bytes(reply(answered, authentication_results=results))) == Outcome.SAVED
    page = admin_client.get(f"/admin/inquiries/inquiry/{answered.pk}/change/").content.decode()
    assert ("Sender not verified" in page) is not is_genuine


def test_a_new_inquiry_of_an_unverified_sender_is_marked(settings):
    settings.MAIL_SERVER_NAME = SERVER
    assert process_message(bytes(mail("What does it cost?"))) == Outcome.CREATED
    assert Inquiry.objects.get().events.get(kind=Kind.RECEIVED).is_unverified


@pytest.mark.parametrize("sender", ["Mallory <mallory@evil.example>", "Boss <boss@example.com>"])
def test_an_unverified_sender_cannot_join_by_message_id_alone(answered, settings, sender):
    make_user("Managers", email="boss@example.com")
    settings.MAIL_SERVER_NAME = SERVER
    before = answered.events.count()
    message = reply(answered, "Pay to this account")
    message.replace_header("From", sender)
    assert process_message(bytes(message)) != Outcome.SAVED
    assert answered.events.count() == before


def test_a_verified_colleague_of_the_buyer_joins_by_message_id(answered, settings):
    settings.MAIL_SERVER_NAME = SERVER
    message = reply(answered, authentication_results=f"{SERVER}; dmarc=pass")
    message.replace_header("From", "Colleague <colleague@example.com>")
    assert process_message(bytes(message)) == Outcome.SAVED


def test_a_delivery_report_needs_no_verified_sender(answered, settings):
    settings.MAIL_SERVER_NAME = SERVER
    assert process_message(bounce(answered)) == Outcome.SAVED
    assert answered.events.last().kind == Kind.BOUNCED


HEAD = b"From: a@example.com\r\nSubject: x\r\n"
MIXED = b"Content-Type: multipart/mixed; boundary=B\r\n\r\n"
NESTED = b"".join(
    b"Content-Type: multipart/mixed; boundary=B%d\r\n\r\n--B%d\r\n" % (n, n) for n in range(3000)
)
ATTACKS = {
    "parts": HEAD + MIXED + b"--B\r\n\r\nx\r\n" * 100_000 + b"--B--",
    "messages": HEAD + MIXED + b"--B\r\nContent-Type: message/rfc822\r\n\r\n" * 100_000,
    "headers": HEAD + b"X-A: b\r\n" * 1_000_000 + b"\r\nhi",
    "headers of a part": HEAD + MIXED + b"--B\r\n" + b"X-A: b\r\n" * 1_000_000 + b"\r\nhi",
    "depth": HEAD + NESTED,
    "lines": HEAD + b"\r\n" + b"\n" * 10_000_000,
    "lines of old programs": HEAD + b"\r\n" + b"\r" * 10_000_000,
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_message_of_very_many_parts_is_refused_at_once(name):
    start = time.monotonic()
    with pytest.raises(UnreadableError, match="too many"):
        parse_message(ATTACKS[name])
    assert time.monotonic() - start < MAX_SECONDS


def test_an_attached_message_of_very_many_parts_is_refused_too():
    inner = MIXED + b"--B\r\n\r\nx\r\n" * 10_000
    encoded = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    with pytest.raises(UnreadableError, match="too many parts"):
        parse_message(HEAD + encoded + inner)


def test_a_message_with_large_attachments_is_read():
    part = b"--B\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\n" + b"x" * 76 + b"\r\n"
    message = parse_message(HEAD + MIXED + part * 400 + b"--B--")
    assert len(message.files) == 399, "the first one is the text"
    text = parse_message(HEAD + b"\r\n" + (b"x" * 74 + b"\r\n") * 390_000).text
    assert len(text) == 200_000
