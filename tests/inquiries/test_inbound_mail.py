"""Processing inbound e-mail."""

from contextlib import suppress
from email import policy

import pytest
from django.utils import timezone
from post_office.models import STATUS, Email

from inquiries import schedule
from inquiries.inbound_mail import processing
from inquiries.inbound_mail.message import UnreadableError
from inquiries.inbound_mail.processing import Outcome, process_message
from inquiries.models import FormerReference, InquiryEvent
from inquiries.services import answer_inquiry, change_status, release_inquiry
from tests.factories import make_user, picture_file
from tests.inquiries.inbound_messages import bounce, mail, reply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reply_address")]

Kind = InquiryEvent.Kind


@pytest.fixture
def inquiry(answered):
    return answered


def events(inquiry, kind: str = Kind.MESSAGE) -> list[InquiryEvent]:
    return list(inquiry.events.filter(kind=kind))


def test_the_same_email_is_saved_once(inquiry):
    raw = bytes(reply(inquiry))
    assert [process_message(raw), process_message(raw)] == [Outcome.SAVED, Outcome.ALREADY_SAVED]
    without_id = reply(inquiry)
    del without_id["Message-ID"]
    assert [process_message(bytes(without_id)) for _ in "ab"] == [
        Outcome.SAVED,
        Outcome.ALREADY_SAVED,
    ]
    assert len(events(inquiry)) == 2


@pytest.mark.parametrize("status", ["answered", "quoted"])
def test_an_answered_inquiry_awaits_a_reply_again(inquiry, status):
    if status != inquiry.status:
        change_status(inquiry, status, by=None)
    process_message(bytes(reply(inquiry)))
    inquiry.refresh_from_db()
    assert inquiry.status == "assigned"


def test_a_reply_without_a_thread_is_matched_by_subject_and_sender(inquiry):
    subject = f"AW: Your inquiry {inquiry.reference} – Example"
    assert process_message(bytes(mail("One", subject=subject))) is Outcome.SAVED
    uppercase = mail("Two", subject=subject.lower(), **{"from": "PETER@example.com"})
    assert process_message(bytes(uppercase)) is Outcome.SAVED
    stranger = mail("Three", subject=subject, **{"from": "stranger@example.com"})
    assert process_message(bytes(stranger)) is Outcome.CREATED
    assert process_message(bytes(mail("Four", subject="Hello"))) is Outcome.CREATED
    assert [event.text for event in events(inquiry)] == ["One", "Two"]


def test_the_reference_of_a_merged_inquiry_is_matched(inquiry):
    former = {"reference": "FRMR2345", "email": "Anna@example.com"}
    FormerReference.objects.create(inquiry=inquiry, **former)
    subject = "Re: Your inquiry FRMR2345"
    message = mail(subject=subject, **{"from": "anna@example.com"})
    assert process_message(bytes(message)) is Outcome.SAVED
    assert process_message(bytes(mail(subject=subject))) is Outcome.CREATED, (
        "Peter did not send the former inquiry"
    )


def test_a_message_from_another_sender_in_the_thread_names_the_sender(inquiry):
    message = reply(inquiry, "I take over.", **{"from": "Eve <eve@example.com>"})
    message.replace_header("In-Reply-To", "<unknown@example.com>")
    message["References"] = f"{inquiry.events.last().message_id} <unknown@example.com>"
    assert process_message(bytes(message)) is Outcome.SAVED
    assert events(inquiry)[0].text == "Eve <eve@example.com>:\n\nI take over."


@pytest.mark.parametrize("sender", ["candy@example.com", "boss@example.com"])
def test_an_email_from_staff_becomes_an_internal_note(inquiry, sender):
    make_user("Managers", username="boss")
    process_message(bytes(reply(inquiry, "He haggles.", **{"from": sender})))
    assert events(inquiry) == []
    assert "He haggles." in events(inquiry, Kind.NOTE)[0].text
    assert not inquiry.events.for_buyer().filter(text__contains="haggles").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"auto_submitted": "auto-replied"},
        {"auto_submitted": "auto-generated; type=x"},
        {"precedence": "bulk"},
        {"x_autoreply": "yes"},
        {"return_path": "<>"},
    ],
)
def test_an_automatic_reply_becomes_a_note_without_notification(inquiry, headers):
    raw = bytes(reply(inquiry, "I am away.", subject="Out of office", **headers))
    assert [process_message(raw), process_message(raw)] == [Outcome.SAVED, Outcome.ALREADY_SAVED]
    [note] = events(inquiry, Kind.NOTE)
    assert note.text == "Automatic reply: Out of office\n\nI am away."
    inquiry.refresh_from_db()
    assert inquiry.status == "answered"
    assert not Email.objects.exists()


def test_an_email_marked_as_not_automatic_is_a_message(inquiry):
    process_message(bytes(reply(inquiry, auto_submitted="no", precedence="normal")))
    assert len(events(inquiry)) == 1


def test_a_bounce_is_reported_to_the_contact(inquiry):
    assert [process_message(bounce(inquiry)), process_message(bounce(inquiry))] == [
        Outcome.SAVED,
        Outcome.ALREADY_SAVED,
    ]
    [event] = events(inquiry, Kind.BOUNCED)
    assert event.data["report"] == "peter@example.com · 5.1.1 · 550 5.1.1 No such user"
    notification = Email.objects.get()
    assert notification.to == ["candy@example.com"]
    assert "No such user" in notification.message
    assert not inquiry.events.for_buyer().filter(text__contains="No such user").exists()


def test_a_delayed_delivery_is_not_reported(inquiry):
    process_message(bounce(inquiry, action="delayed"))
    assert events(inquiry, Kind.BOUNCED) == []
    assert len(events(inquiry, Kind.NOTE)) == 1
    assert not Email.objects.exists()


def test_a_bounce_of_an_email_to_staff_is_unmatched(inquiry):
    raw = bounce(inquiry).replace(inquiry.events.last().message_id.encode(), b"<other@testserver>")
    assert process_message(raw) is Outcome.UNMATCHED


def test_a_failed_email_of_the_outbox_is_reported_once(inquiry):
    contact = inquiry.assigned_to
    answer_inquiry(inquiry, "Once more", by=contact.user)
    failed = Email.objects.get()
    schedule.report_failed_emails()
    assert events(inquiry, Kind.BOUNCED) == []
    failed.logs.create(status=STATUS.failed, message="550 No such mailbox", exception_type="x")
    Email.objects.filter(pk=failed.pk).update(status=STATUS.failed, last_updated=timezone.now())
    Email.objects.create(
        from_email="a@example.com", to=["candy@example.com"], status=STATUS.failed,
        message_id="<to-staff@testserver>",
    )  # fmt: skip
    for _ in range(2):
        schedule.report_failed_emails()
    [event] = events(inquiry, Kind.BOUNCED)
    assert event.data["report"] == "peter@example.com · 550 No such mailbox"
    assert Email.objects.filter(subject__contains="could not be delivered").count() == 1


def test_our_own_emails_are_ignored(inquiry):
    for sender in ("noreply@example.com", "Replies <REPLIES@example.com>"):
        assert process_message(bytes(reply(inquiry, **{"from": sender}))) is Outcome.UNMATCHED


def test_accepted_files_are_saved_and_the_others_are_named(inquiry):
    message = reply(inquiry, "See the drawing.")
    message.add_attachment(
        picture_file().read(), "application", "octet-stream", filename="Größe.png"
    )
    message.add_attachment(b"MZ\x90", "application", "pdf", filename="../../run.pdf")
    message.add_attachment(b"", "text", "calendar", filename="invite.ics")
    for number in range(25):
        message.add_attachment(b"%PDF-1.4", "application", "pdf", filename=f"{number}.pdf")
    process_message(bytes(message))
    [event] = events(inquiry)
    attachments = event.attachments.all()
    assert len(attachments) == processing.MAX_FILES - 2
    assert attachments[0].name.startswith("Größe.")
    for name in ("run.pdf", "invite.ics", "24.pdf"):
        assert f"“{name}”" in event.text
    assert "/" not in event.text


def test_links_in_a_signature_are_accepted_and_a_script_is_held(inquiry):
    links = "\n".join(f"https://example.com/{number}" for number in range(8))
    process_message(bytes(reply(inquiry, f"Yes.\n\n{links}")))
    assert len(events(inquiry)) == 1
    process_message(
        bytes(reply(inquiry, "<script>alert(1)</script>", message_id="<bad@example.com>"))
    )
    [held] = events(inquiry, Kind.HELD_MESSAGE)
    assert held.message_id == "<bad@example.com>"
    release_inquiry(inquiry, by=None)
    assert len(events(inquiry)) == 2


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 1000,
        b"no mail",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" * 3000,
        b'{"json": true}',
    ],
)
def test_data_that_is_no_email_is_unreadable(raw):
    with pytest.raises(UnreadableError):
        process_message(raw)


def test_a_malformed_email_raises_no_other_error(inquiry):
    """The e-mails are cut off, or have bytes removed, inserted or reversed."""
    message = reply(inquiry, "Größe 价格")
    message.add_alternative("<p>Größe <b>价格", "html")
    message.add_attachment(b"x" * 100, "application", "pdf", filename="Größe.pdf")
    del message["Message-ID"]  # otherwise each would count as already saved
    raw = bytes(message.as_bytes(policy=policy.SMTP))
    for original in (raw, bounce(inquiry)):
        for position in range(0, len(original), 23):
            for malformed in (
                original[:position],
                original[:position] + original[position + 40 :],
                original[:position] + b"\xff\x00=?x?b?!?= \r\n" + original[position:],
                original[:position]
                + original[position : position + 60][::-1]
                + original[position + 60 :],
            ):
                with suppress(UnreadableError):
                    process_message(malformed)
    assert len(events(inquiry)) > 100
    assert events(inquiry, Kind.BOUNCED)
