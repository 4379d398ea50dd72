"""A connection to a folder on an IMAP server (IMAP4rev1, RFC 3501).

Only commands that every server carries out as specified are used. SEARCH is not among them: some
large providers ignore its criteria or refuse them, and keywords are not supported everywhere.
imap-tools encodes names of folders and passwords; its own `flag` would also expunge messages that
a person has marked as deleted.
"""

import imaplib
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from socket import SHUT_RDWR
from typing import Any
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from core.time_limits import call_at_limit

logger = logging.getLogger(__name__)

RESPONSE_TIMEOUT = 20  # seconds
UID = re.compile(rb"\bUID (\d+)")
SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
# NetEase's servers (163.com, 126.com) refuse to open a folder without it.
CLIENT_ID = '("name" "Tradepost" "version" "1.0" "vendor" "Tradepost")'


class RefusedError(Exception):
    """The server refused a command; the connection is still usable."""


CONNECTION_ERRORS = (OSError, imaplib.IMAP4.error, ImapToolsError, RefusedError)


@dataclass(frozen=True)
class Listed:
    """A message in the folder; `size` in bytes and `received_at` as the server states them."""

    uid: int
    size: int
    received_at: datetime


class Folder:
    """A selected folder with `count` messages."""

    def __init__(self, client: imaplib.IMAP4, count: int) -> None:
        self.client = client
        self.count = count
        self.uid_validity = self._number("UIDVALIDITY") or 0
        self.next_uid = self._number("UIDNEXT")

    def list_after(self, uid: int) -> list[Listed]:
        """The messages with a higher UID, sorted by it."""
        # Servers also list the last message if its UID is lower.
        return [message for message in self._list(f"{uid + 1}:*") if message.uid > uid]

    def list_last(self, count: int) -> list[Listed]:
        """The last messages of the folder, at most `count`, sorted by their UIDs."""
        first = max(self.count - count + 1, 1)
        return self._list(f"{first}:{self.count}", by_number=True)

    def find(self, uid: int) -> Listed | None:
        return next(iter(self._list(str(uid))), None)

    def fetch(self, uid: int, max_bytes: int | None = None) -> bytes | None:
        """The source of a message, or its beginning; None if it no longer exists.

        The message is not marked as read. Raises RefusedError if the server refuses.
        """
        part = "BODY.PEEK[]" if max_bytes is None else f"BODY.PEEK[]<0.{max_bytes}>"
        data = _checked(self.client.uid, "FETCH", str(uid), f"({part})")
        return next((item[1] for item in data if isinstance(item, tuple)), None)

    def add_flag(self, uid: int, flag: str) -> None:
        """Set a flag, which only people see; a server that refuses is no reason to stop."""
        try:
            _checked(self.client.uid, "STORE", str(uid), "+FLAGS.SILENT", f"({flag})")
        except RefusedError as error:
            logger.info("Message %s of the mailbox was not flagged: %s", uid, error)

    def _list(self, messages: str, *, by_number: bool = False) -> list[Listed]:
        if not self.count:
            return []  # some servers refuse any range in an empty folder
        command = (self.client.fetch,) if by_number else (self.client.uid, "FETCH")
        data = _checked(*command, messages, "(UID INTERNALDATE RFC822.SIZE)")
        rows = (_listed(row) for row in data if isinstance(row, bytes))
        return sorted((row for row in rows if row), key=lambda message: message.uid)

    def _number(self, code: str) -> int | None:
        """The number in a response code of the selection, such as `[UIDNEXT 5]`."""
        value = self.client.response(code)[1][0]
        return int(value) if value else None


@contextmanager
def open_folder(url: str) -> Iterator[Folder]:
    """The folder at `url`, which has the form of the setting IMAP_URL.

    Raises one of CONNECTION_ERRORS if the server cannot be reached or refuses.
    """
    parts = urlsplit(url)
    is_encrypted = parts.scheme == "imaps"
    mailbox_class = MailBox if is_encrypted else MailBoxUnencrypted
    port = parts.port or (993 if is_encrypted else 143)
    mailbox = mailbox_class(parts.hostname or "", port, timeout=RESPONSE_TIMEOUT)
    try:
        # The time-out is for each packet, however small.
        with call_at_limit(partial(mailbox.client.sock.shutdown, SHUT_RDWR)):
            _log_in(mailbox, unquote(parts.username or ""), unquote(parts.password or ""))
            result = mailbox.folder.set(unquote(parts.path.strip("/")) or "INBOX")
            yield Folder(mailbox.client, int(result[1][0] or 0))
    finally:
        try:
            mailbox.logout()
        except CONNECTION_ERRORS:
            logger.info("The mailbox did not confirm the log-out.")
            with suppress(OSError):
                mailbox.client.shutdown()  # which closes the connection


def _log_in(mailbox: BaseMailBox, user: str, password: str) -> None:
    is_ascii = f"{user}{password}".isascii()
    log_in = mailbox.login if is_ascii else mailbox.login_utf8
    log_in(user, password, initial_folder=None)
    if "ID" in mailbox.client.capabilities:
        try:
            _checked(mailbox.client.xatom, "ID", CLIENT_ID)
        except RefusedError as error:
            logger.info("The mailbox does not accept the name of the program: %s", error)


def _checked(command: Callable[..., tuple[str, list[Any]]], *arguments: str) -> list[Any]:
    """The data of a response; raises RefusedError for `NO` and `BAD`."""
    try:
        status, data = command(*arguments)
    except imaplib.IMAP4.abort:  # the connection is lost
        raise
    except imaplib.IMAP4.error as error:
        raise RefusedError(str(error)) from error
    if status != "OK":
        raise RefusedError(f"{arguments[0]}: the server answers {status}: {data!r:.200}")
    return data


def _listed(row: bytes) -> Listed | None:
    """The message in a line of the response; None for a line about something else."""
    uid, size = UID.search(row), SIZE.search(row)
    if not (uid and size):
        return None
    received = imaplib.Internaldate2tuple(row)
    seconds = time.mktime(received) if received else time.time()
    return Listed(int(uid[1]), int(size[1]), datetime.fromtimestamp(seconds, UTC))
