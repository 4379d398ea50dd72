"""Each message of the mailbox is processed once, on all kinds of IMAP servers."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from inquiries.inbound_mail import mailbox, processing
from inquiries.models import InquiryEvent, Mailbox, UnprocessedEmail
from tests.factories import make_user
from tests.inquiries.inbound_messages import reply
from tests.inquiries.scripted_imap import ScriptedImapServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reply_address")]

UNREADABLE = b"\x00\x01 not an e-mail"


@pytest.fixture
def inquiry(answered):
    return answered


@pytest.fixture
def server(settings) -> Iterator[ScriptedImapServer]:
    with ScriptedImapServer() as server:
        settings.IMAP_URL = server.url
        yield server


def fetch() -> str:
    out = StringIO()
    call_command("fetch_replies", stdout=out)
    return out.getvalue().removeprefix("Messages: ").removesuffix(".\n")


def fetch_until_lost() -> None:
    with pytest.raises(CommandError, match="Could not read"):
        fetch()


def texts(inquiry) -> list[str]:
    messages = inquiry.events.filter(kind=InquiryEvent.Kind.MESSAGE)
    return sorted(messages.values_list("text", flat=True))


@pytest.mark.parametrize(
    "flags", ["", r"\Seen", r"\Flagged", r"\Seen \Answered", r"\Seen \Flagged"]
)
def test_a_message_opened_or_flagged_on_another_device_is_fetched(
    settings, imap_server, inquiry, flags
):
    settings.IMAP_URL = imap_server.url
    imap_server.add_message(reply(inquiry, "Six."), flags=flags)
    assert fetch() == "1 kept"
    assert texts(inquiry) == ["Six."]
    assert fetch() == "none"
    imap_server.add_message(reply(inquiry, "Seven."), flags=flags)
    assert fetch() == "1 kept"
    assert texts(inquiry) == ["Seven.", "Six."]


def test_changed_flags_do_not_bring_a_message_back(settings, imap_server, inquiry):
    settings.IMAP_URL = imap_server.url
    imap_server.add_message(reply(inquiry, "Six."))
    assert fetch() == "1 kept"
    with imap_server.connect() as client:
        client.select("INBOX")
        client.uid("STORE", "1:*", "FLAGS.SILENT", "()")
    assert fetch() == "none"


def test_messages_that_people_marked_as_deleted_are_not_expunged(settings, imap_server, inquiry):
    settings.IMAP_URL = imap_server.url
    imap_server.add_message(reply(inquiry, "Six."), flags=r"\Deleted")
    assert fetch() == "1 kept"
    assert len(imap_server.uids()) == 1


def test_a_server_without_search_keywords_and_flags_is_enough(server, inquiry):
    server.flags_are_refused = True
    for text in ("One", "Two"):
        server.add(reply(inquiry, text))
    assert fetch() == "2 kept"
    server.add(reply(inquiry, "Three"))
    assert [fetch(), fetch()] == ["1 kept", "none"]
    assert texts(inquiry) == ["One", "Three", "Two"]
    assert server.fetched == [1, 2, 3]


@pytest.mark.parametrize("requires_id", [True, False])
def test_the_program_names_itself_before_it_opens_the_folder(server, inquiry, requires_id):
    server.requires_id = requires_id
    server.add(reply(inquiry, "Six."))
    assert fetch() == "1 kept"


def test_folder_names_and_passwords_may_have_any_letters(settings, server, inquiry):
    server.add(reply(inquiry, "Six."))
    settings.IMAP_URL = server.url.replace("secret", "%E5%AF%86%E7%A0%81") + "/%E8%AF%A2%E7%9B%98"
    assert fetch() == "1 kept"
    assert server.folders == ['"&i+J22A-"']  # modified UTF-7 (RFC 3501, 5.1.3)


def test_the_first_run_leaves_old_mail_alone(server, inquiry):
    for days in (4000, 400, 4):
        server.add(reply(inquiry, f"{days} days"), timezone.now() - timedelta(days=days))
    server.add(reply(inquiry, "2 days"), timezone.now() - timedelta(days=2))
    # Moved into the folder later, so that it has a higher UID.
    server.add(reply(inquiry, "90 days"), timezone.now() - timedelta(days=90))
    assert [fetch(), fetch()] == ["1 kept", "none"]
    assert texts(inquiry) == ["2 days"]
    server.add(reply(inquiry, "moved here"), timezone.now() - timedelta(days=300))
    server.add(reply(inquiry, "new"))
    assert fetch() == "1 kept"
    assert texts(inquiry) == ["2 days", "new"]


def test_the_first_run_on_a_large_mailbox_reads_only_the_end(monkeypatch, server, inquiry):
    monkeypatch.setattr(mailbox, "MAX_LISTED", 5)
    for number in range(8):
        server.add(reply(inquiry, str(number)))
    assert fetch() == "5 kept"
    assert texts(inquiry) == ["3", "4", "5", "6", "7"]


def test_an_empty_mailbox_fills_later(server, inquiry):
    assert fetch() == "none"
    server.add(reply(inquiry, "Six."))
    assert fetch() == "1 kept"


def test_more_messages_than_one_run_processes_follow_in_the_next(monkeypatch, server, inquiry):
    monkeypatch.setattr(mailbox, "MAX_MESSAGES", 2)
    for number in range(5):
        server.add(reply(inquiry, str(number)))
    assert [fetch() for _ in range(4)] == ["2 kept", "2 kept", "1 kept", "none"]
    assert texts(inquiry) == ["0", "1", "2", "3", "4"]


def test_after_an_outage_of_weeks_nothing_is_skipped(server, inquiry):
    assert fetch() == "none"
    past = timezone.now() - timedelta(days=20)
    Mailbox.objects.update(starts_at=past - timedelta(days=3), checked_at=past)
    server.add(reply(inquiry, "Six."), past + timedelta(days=1))
    assert fetch() == "1 kept"


@pytest.mark.parametrize("first", [1, 50])
def test_new_uids_neither_lose_nor_repeat_messages(server, inquiry, first):
    server.add(reply(inquiry, "One"))
    server.add(reply(inquiry, "Two"))
    assert fetch() == "2 kept"
    Mailbox.objects.update(checked_at=timezone.now() - timedelta(days=10))
    server.messages[0].received_at = timezone.now() - timedelta(days=20)
    server.messages[1].received_at = timezone.now() - timedelta(days=10)
    server.add(reply(inquiry, "Three"), timezone.now() - timedelta(days=9))
    server.renumber(first)
    assert fetch() == "1 kept, 1 known"
    assert fetch() == "none"
    assert texts(inquiry) == ["One", "Three", "Two"]


def test_lower_uids_with_the_same_validity_are_noticed(server, inquiry):
    for number in range(3):
        server.add(reply(inquiry, str(number)))
    assert fetch() == "3 kept"
    server.messages.clear()
    server.add(reply(inquiry, "new"))
    assert [fetch(), fetch()] == ["1 kept", "none"]


def test_a_folder_that_was_deleted_and_created_again_is_read(settings, imap_server, inquiry):
    settings.IMAP_URL = f"{imap_server.url}/Buyers"
    imap_server.add_folder("Buyers")
    imap_server.add_message(reply(inquiry, "One"), folder="Buyers")
    assert fetch() == "1 kept"
    with imap_server.connect() as client:
        client.delete("Buyers")
    imap_server.add_folder("Buyers")
    imap_server.add_message(reply(inquiry, "Two"), folder="Buyers")
    assert [fetch(), fetch()] == ["1 kept", "none"]


def test_an_unreadable_message_is_set_aside_once(server, inquiry, caplog):
    uid = server.add(UNREADABLE)
    server.add(reply(inquiry, "Six."))
    assert fetch() == "1 kept, 1 unreadable"
    email = UnprocessedEmail.objects.get()
    assert (email.uid, email.subject, email.is_retried) == (uid, "not an e-mail", False)
    assert server.flags[uid] == r"(\Flagged)"
    assert len([record for record in caplog.records if record.levelno == logging.WARNING]) == 1
    caplog.clear()
    assert fetch() == "none"
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert UnprocessedEmail.objects.count() == 1


def test_a_message_that_fails_is_tried_again_for_three_days(monkeypatch, server, inquiry, caplog):
    server.add(reply(inquiry, "One", subject="Drawing"))
    server.add(reply(inquiry, "Two"))

    def fail(inquiry, message, *args) -> None:
        if message.text.strip() == "One":
            raise OSError("no space left")
        save(inquiry, message, *args)

    save = processing._save
    with monkeypatch.context() as patch:
        patch.setattr(processing, "_save", fail)
        assert fetch() == "1 failed, 1 kept"
        email = UnprocessedEmail.objects.get()
        assert (email.sender, email.subject) == ("peter@example.com", "Drawing")
        assert email.error == "OSError: no space left"
        assert [fetch(), fetch()] == ["1 failed", "1 failed"]
        assert caplog.text.count("was set aside") == 1
    assert fetch() == "1 kept"
    assert texts(inquiry) == ["One", "Two"]
    assert not UnprocessedEmail.objects.exists()
    server.add(UNREADABLE)
    assert fetch() == "1 unreadable"
    UnprocessedEmail.objects.update(is_retried=True)
    assert fetch() == "1 unreadable"
    assert fetch() == "none"


def test_retrying_ends_after_three_days(monkeypatch, server, inquiry):
    server.add(reply(inquiry))
    with monkeypatch.context() as patch:
        patch.setattr(processing, "_save", lambda *args: 1 / 0)
        assert fetch() == "1 failed"
    UnprocessedEmail.objects.update(failed_at=timezone.now() - timedelta(days=4))
    assert fetch() == "none"
    assert UnprocessedEmail.objects.count() == 1
    UnprocessedEmail.objects.update(failed_at=timezone.now() - timedelta(days=91))
    fetch()
    assert not UnprocessedEmail.objects.exists()


def test_a_message_that_failed_is_found_again_under_its_new_uid(monkeypatch, server, inquiry):
    server.add(reply(inquiry, "One"))
    with monkeypatch.context() as patch:
        patch.setattr(processing, "_save", lambda *args: 1 / 0)
        assert fetch() == "1 failed"
    server.renumber(7)
    assert [fetch(), fetch()] == ["1 kept", "none"]
    assert not UnprocessedEmail.objects.exists()


def test_a_message_that_the_server_cannot_deliver_does_not_block_others(server, inquiry):
    server.refused = {server.add(reply(inquiry, "One"))}
    server.add(reply(inquiry, "Two"))
    assert fetch() == "1 failed, 1 kept"
    assert "Server Unavailable" in UnprocessedEmail.objects.get().error
    assert fetch() == "1 failed"
    server.refused.clear()
    assert fetch() == "1 kept"
    assert texts(inquiry) == ["One", "Two"]


def test_a_message_at_which_the_server_hangs_up_does_not_block_others(server, inquiry):
    server.fatal = {server.add(reply(inquiry, "One"))}
    server.add(reply(inquiry, "Two"))
    fetch_until_lost()
    assert texts(inquiry) == []
    fetch_until_lost()
    assert texts(inquiry) == ["Two"]
    server.add(reply(inquiry, "Three"))
    server.fatal.clear()
    assert fetch() == "2 kept"
    assert texts(inquiry) == ["One", "Three", "Two"]


def test_a_server_that_hangs_up_at_flags_does_not_block_messages(server, inquiry):
    server.hangs_up_at_flags = True
    for text in ("One", "Two"):
        server.add(reply(inquiry, text))
    fetch_until_lost()
    fetch_until_lost()
    assert fetch() == "none"
    assert texts(inquiry) == ["One", "Two"]


def test_messages_deleted_in_the_meantime_are_forgotten(monkeypatch, server, inquiry):
    server.add(reply(inquiry))
    with monkeypatch.context() as patch:
        patch.setattr(processing, "_save", lambda *args: 1 / 0)
        assert fetch() == "1 failed"
    server.messages.clear()
    server.add(reply(inquiry, "Two"))
    server.messages[0].uid = 2
    assert fetch() == "1 kept"
    assert not UnprocessedEmail.objects.exists()


def test_managers_see_what_was_set_aside_and_may_try_again(as_user, server, inquiry):
    server.add(UNREADABLE)
    fetch()
    manager = as_user(make_user("Managers"))
    assert "1 e-mail could not be processed." in manager.get("/admin/").text
    path = "/admin/inquiries/unprocessedemail/"
    assert "not an e-mail" in manager.get(path).text
    email = UnprocessedEmail.objects.get()
    assert "UnreadableError" in manager.get(f"{path}{email.pk}/change/").text
    server.messages[0].content = bytes(reply(inquiry, "Six."))
    chosen = {"action": "try_again", "_selected_action": [email.pk]}
    assert "1 e-mail will be processed again" in manager.post(path, chosen, follow=True).text
    assert fetch() == "1 kept"
    assert "could not be processed" not in manager.get("/admin/").text


@pytest.mark.parametrize("role", ["Sales", "Editors"])
def test_other_roles_do_not_see_what_was_set_aside(as_user, server, role):
    server.add(UNREADABLE)
    fetch()
    client = as_user(make_user(role))
    assert "could not be processed" not in client.get("/admin/").text
    assert client.get("/admin/inquiries/unprocessedemail/").status_code == 403


def test_the_password_is_not_stored(server):
    fetch()
    assert Mailbox.objects.get().url == server.url.replace(":secret", "")
