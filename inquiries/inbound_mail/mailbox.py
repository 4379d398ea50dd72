"""The mailbox that buyers' replies are fetched from (IMAP4rev1, RFC 3501)."""

import imaplib
import logging
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from inquiries.inbound_mail.message import UnreadableError
from inquiries.inbound_mail.processing import MAX_MEGABYTES, receive

logger = logging.getLogger(__name__)

TIMEOUT = 20  # seconds, for each answer of the server
MOST_AT_ONCE = 100  # messages
LONGEST_ROUND = 120  # seconds, after which what is left waits for the next one
BEGINNING = 1024 * 1024  # bytes, of a message that is too big
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")

SEEN, LEFT = r"(\Seen)", r"(\Flagged)"


def fetch(address: str) -> Counter[str]:
    """Keep the unread messages of the mailbox at `address`; returns how many became what.

    `address` is as IMAP_URL is. A message is marked as read once it is kept, so that whatever ends
    this in between, it is kept once. What belongs to no inquiry, or cannot be read, stays unread
    and is flagged for people to look at. What fails for another reason is tried again next time.

    Raises OSError or imaplib.IMAP4.error where the server is away or refuses.
    """
    counts: Counter[str] = Counter()
    deadline = time.monotonic() + LONGEST_ROUND
    with _connected(address) as client:
        found = _told(client.uid("SEARCH", "UNSEEN", "UNFLAGGED"))
        for uid in b" ".join(part for part in found if part).decode().split()[:MOST_AT_ONCE]:
            if time.monotonic() > deadline:
                break
            counts[_take(client, uid)] += 1
    return counts


def _take(client: imaplib.IMAP4, uid: str) -> str:
    """Keep one message and mark it; returns what became of it."""
    size = SIZE.search(_joined(client.uid("FETCH", uid, "(RFC822.SIZE)")))
    is_cut = size is not None and int(size[1]) > MAX_MEGABYTES * 1024 * 1024
    part = f"(BODY.PEEK[]<0.{BEGINNING}>)" if is_cut else "(BODY.PEEK[])"
    data = _told(client.uid("FETCH", uid, part))
    content = next((answer[1] for answer in data if isinstance(answer, tuple)), None)
    if content is None:
        return "gone"  # somebody has taken it away meanwhile
    try:
        outcome = receive(content, is_cut).value
    except UnreadableError as error:
        logger.warning("Message %s of the mailbox cannot be read: %s", uid, error)
        outcome = "unreadable"
    except Exception:  # one message must not hold up the others
        logger.exception("Message %s of the mailbox was not kept; tried again later.", uid)
        return "failed"
    if is_cut or outcome in {"unmatched", "unreadable"}:
        _told(client.uid("STORE", uid, "+FLAGS.SILENT", LEFT))
    else:
        _told(client.uid("STORE", uid, "+FLAGS.SILENT", SEEN))
    return outcome


@contextmanager
def _connected(address: str) -> Iterator[imaplib.IMAP4]:
    """A connection with the mailbox's folder open, closed in the end."""
    parts = urlsplit(address)
    kind = imaplib.IMAP4_SSL if parts.scheme == "imaps" else imaplib.IMAP4
    port = parts.port or (993 if parts.scheme == "imaps" else 143)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    client = kind(parts.hostname or "", port, timeout=TIMEOUT)
    try:
        client.login(unquote(parts.username or ""), unquote(parts.password or ""))
        quoted = folder.replace("\\", r"\\").replace('"', r"\"")
        _told(client.select(f'"{quoted}"'))
        yield client
    finally:
        try:
            client.logout()
        except (OSError, imaplib.IMAP4.error):
            logger.info("The mailbox did not say goodbye.")


def _told(answer: tuple[str, list[Any]]) -> list[Any]:
    """What the server told; raises imaplib.IMAP4.error where it refused."""
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"The mailbox answers {status}: {data!r:.200}")
    return data


def _joined(answer: tuple[str, list[Any]]) -> bytes:
    return b" ".join(part for part in _told(answer) if isinstance(part, bytes))
