"""The IMAP server of the tests behaves like a real one."""

import imaplib
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from tests.imap_server import ImapServer


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    with ImapServer() as server:
        yield server


def message(subject: str, text: str = "Thank you.") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "b@example.com", "s@example.com", subject
    message["Message-ID"] = "<1@example.com>"
    message.set_content(text)
    return message


def test_a_message_is_found_read_marked_and_moved(server):
    server.add_folder("Done")
    server.add_message(message("Re: 您的询价", "Größe: 3 m\n.\nA line after a dot"))
    server.add_message(message("Read before"), flags=r"\Seen")
    with server.connect() as client:
        assert client.select("INBOX") == ("OK", [b"2"])
        _, [found] = client.uid("SEARCH", "UNSEEN")
        [uid] = found.decode().split()
        for part, has_body in [("BODY.PEEK[]", True), ("BODY.PEEK[HEADER]", False)]:
            _, [(info, content), *_] = client.uid("FETCH", uid, f"(UID {part})")
            assert f"UID {uid}".encode() in info
            read = message_from_bytes(content, policy=policy.default)
            assert read["Subject"] == "Re: 您的询价"
            assert ("Größe" in read.get_content()) is has_body
        assert server.uids("UNSEEN") == [uid], "BODY.PEEK does not mark it as read"
        assert client.uid("STORE", uid, "+FLAGS", r"(\Seen \Flagged)")[0] == "OK"
        assert server.uids("UNSEEN") == []
        assert server.uids("FLAGGED") == [uid]
        assert client.uid("MOVE", uid, "Done")[0] == "OK"
    assert len(server.uids()) == len(server.uids(folder="Done")) == 1
    with server.connect() as client:
        client.select("INBOX")
        [remaining] = server.uids()
        assert client.uid("COPY", remaining, "Done")[0] == "OK"
        client.uid("STORE", remaining, "+FLAGS", r"(\Deleted)")
        client.expunge()
    assert server.uids() == []
    assert len(server.uids(folder="Done")) == 2


def test_a_wrong_password_and_a_missing_folder_are_refused(server):
    client = imaplib.IMAP4(server.host, server.port)
    with pytest.raises(imaplib.IMAP4.error):
        client.login(server.user, "wrong")
    client.logout()
    with server.connect() as client:
        assert client.select("Nowhere")[0] == "NO"


def test_a_malformed_message_can_be_added_and_fetched(server):
    server.add_message(b"Subject: \xff\xfe broken\r\n\r\n\x80\x81 raw bytes\r\n")
    with server.connect() as client:
        client.select("INBOX")
        [uid] = server.uids()
        _, [(_, content), *_] = client.uid("FETCH", uid, "(BODY.PEEK[])")
    assert content.endswith(b"\x80\x81 raw bytes\r\n")
