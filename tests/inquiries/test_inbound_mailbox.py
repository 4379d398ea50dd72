"""Fetching e-mail by IMAP."""

import imaplib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from post_office.models import Email

from core.worker.schedule import Job
from inquiries import schedule
from inquiries.inbound_mail import mailbox, processing
from inquiries.models import InquiryEvent
from inquiries.services import answer_inquiry
from tests.inquiries.inbound_messages import mail, reply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reply_address")]

Kind = InquiryEvent.Kind


@pytest.fixture
def inquiry(answered):
    return answered


def events(inquiry, kind: str = Kind.MESSAGE) -> list[InquiryEvent]:
    return list(inquiry.events.filter(kind=kind))


def fetch() -> str:
    out = StringIO()
    call_command("fetch_replies", stdout=out)
    return out.getvalue()


def test_a_reply_is_fetched_and_the_inquiry_awaits_a_reply(settings, imap_server, inquiry):
    settings.IMAP_URL = imap_server.url
    imap_server.add_message(
        reply(inquiry, "Six.\n\n> Five or six?\n", message_id="<r1@example.com>")
    )
    imap_server.add_message(mail("Cheap pills", to="other@example.com"))
    imap_server.add_message(b"no mail at all")
    assert fetch() == "Messages: 1 kept, 1 unmatched, 1 unreadable.\n"
    [event] = events(inquiry)
    assert (event.text, event.quoted_text) == ("Six.", "> Five or six?")
    assert event.message_id == "<r1@example.com>"
    inquiry.refresh_from_db()
    assert inquiry.status == "assigned"
    notification = Email.objects.get()
    assert notification.to == ["candy@example.com"]
    assert "Six." in notification.message
    assert len(imap_server.uids("UNSEEN")) == len(imap_server.uids("FLAGGED")) == 2
    assert fetch() == "Messages: none.\n", "unmatched and unreadable messages are left for staff"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_conversation_by_smtp_and_imap(settings, smtp_server, imap_server, inquiry):
    settings.IMAP_URL = imap_server.url
    seller = inquiry.assigned_to.user
    answer_inquiry(inquiry, "And in blue?", by=seller)
    first = smtp_server.received_by("peter@example.com", inquiry.reference)
    assert first["Reply-To"] == "replies@example.com"
    answer = mail(
        "Blue is fine.\n\n" + "\n".join(f"> {line}" for line in first.get_content().splitlines()),
        to=first["Reply-To"],
        subject=first["Subject"],
        in_reply_to=first["Message-ID"],
        references=f"{first['References']} {first['Message-ID']}",
    )
    imap_server.add_message(answer)
    call_command("run_schedule")
    assert [event.text for event in events(inquiry)] == ["Blue is fine."]
    smtp_server.messages.clear()
    answer_inquiry(inquiry, "Then blue it is.", by=seller)
    second = smtp_server.received_by("peter@example.com", inquiry.reference)
    assert second["Subject"] == first["Subject"]
    assert second["In-Reply-To"] == answer["Message-ID"]
    assert first["Message-ID"] in second["References"]
    assert "> Blue is fine." in second.get_content()


def test_a_message_is_saved_once_if_killed_before_it_is_marked(settings, imap_server, inquiry):
    settings.IMAP_URL = imap_server.url
    imap_server.add_message(reply(inquiry))

    class KilledError(BaseException):
        pass

    with pytest.MonkeyPatch.context() as patch:

        def kill_before_store(self, command, *args):
            if command == "STORE":
                raise KilledError
            return uid(self, command, *args)

        uid = imaplib.IMAP4.uid
        patch.setattr(imaplib.IMAP4, "uid", kill_before_store)
        with pytest.raises(KilledError):
            mailbox.fetch_messages(imap_server.url)
    assert len(events(inquiry)) == 1
    assert imap_server.uids("UNSEEN")
    assert fetch() == "Messages: 1 known.\n"
    assert imap_server.uids("UNSEEN") == []
    assert len(events(inquiry)) == 1


def test_a_message_that_fails_is_retried_and_does_not_block_others(
    monkeypatch, settings, imap_server, inquiry
):
    settings.IMAP_URL = f"{imap_server.url}/Buyers%20mail"
    imap_server.add_folder('"Buyers mail"')
    for text in ("One", "Two"):
        imap_server.add_message(reply(inquiry, text), folder='"Buyers mail"')
    with monkeypatch.context() as patch:

        def fail_once(*args, **kwargs):
            patch.undo()
            raise OSError("the disk is full")

        patch.setattr(processing, "_save", fail_once)
        assert fetch() == "Messages: 1 failed, 1 kept.\n"
    assert fetch() == "Messages: 1 kept.\n"
    assert {event.text for event in events(inquiry)} == {"One", "Two"}


def test_the_text_of_a_message_that_is_too_big_is_saved(
    monkeypatch, settings, imap_server, inquiry
):
    monkeypatch.setattr(mailbox, "MAX_MEGABYTES", 1)
    monkeypatch.setattr(mailbox, "TRUNCATED_SIZE", 4096)
    settings.IMAP_URL = imap_server.url
    message = reply(inquiry, "The drawing is attached.")
    message.add_attachment(b"%PDF-" + b"x" * 1_200_000, "application", "pdf", filename="a.pdf")
    imap_server.add_message(message)
    assert fetch() == "Messages: 1 kept.\n"
    [event] = events(inquiry)
    assert event.text.startswith("The drawing is attached.")
    assert "too large" in event.text
    assert not event.attachments.exists()
    assert imap_server.uids("FLAGGED")
    assert fetch() == "Messages: none.\n"


def test_an_unreachable_mailbox_is_logged(settings, caplog):
    settings.IMAP_URL = "imap://user:password@127.0.0.1:1/INBOX"
    with pytest.raises(CommandError, match="Could not read"):
        fetch()

    assert Job(schedule.fetch_replies, interval=None).run() is False
    assert "fetch_replies failed" in caplog.text
    assert "password@" not in caplog.text
    settings.IMAP_URL = ""
    schedule.fetch_replies()
    with pytest.raises(CommandError, match="IMAP_URL is not set"):
        fetch()
