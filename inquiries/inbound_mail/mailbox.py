"""Fetches e-mails from an IMAP mailbox (IMAP4rev1, RFC 3501)."""

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
from inquiries.inbound_mail.processing import MAX_MEGABYTES, process_message

logger = logging.getLogger(__name__)

RESPONSE_TIMEOUT = 20  # seconds
MAX_MESSAGES = 100  # in one run
MAX_RUN_TIME = 120  # seconds; the remaining messages follow in the next run
TRUNCATED_SIZE = 1024 * 1024  # bytes fetched of a message that is too big
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")

READ_FLAG, REVIEW_FLAG = r"(\Seen)", r"(\Flagged)"


def fetch_messages(url: str) -> Counter[str]:
    """Process the unread messages of the mailbox at `url`; return the number of each outcome.

    `url` has the form of the setting IMAP_URL. A message is marked as read after it was saved, so
    that an interruption neither loses it nor saves it twice. Messages that belong to no inquiry or
    cannot be parsed stay unread and are flagged for review. Messages that fail for another reason
    are tried again in the next run.

    Raises OSError or imaplib.IMAP4.error if the server cannot be reached or refuses.
    """
    outcomes: Counter[str] = Counter()
    deadline = time.monotonic() + MAX_RUN_TIME
    with _connection(url) as client:
        found = _checked(client.uid("SEARCH", "UNSEEN", "UNFLAGGED"))
        for uid in b" ".join(part for part in found if part).decode().split()[:MAX_MESSAGES]:
            if time.monotonic() > deadline:
                break
            outcomes[_process(client, uid)] += 1
    return outcomes


def _process(client: imaplib.IMAP4, uid: str) -> str:
    """Process one message and set its flag; return the outcome."""
    size = SIZE.search(_joined(client.uid("FETCH", uid, "(RFC822.SIZE)")))
    is_truncated = size is not None and int(size[1]) > MAX_MEGABYTES * 1024 * 1024
    part = f"(BODY.PEEK[]<0.{TRUNCATED_SIZE}>)" if is_truncated else "(BODY.PEEK[])"
    data = _checked(client.uid("FETCH", uid, part))
    content = next((item[1] for item in data if isinstance(item, tuple)), None)
    if content is None:
        return "gone"  # deleted in the meantime
    try:
        outcome = process_message(content, is_truncated).value
    except UnreadableError as error:
        logger.warning("Message %s of the mailbox cannot be read: %s", uid, error)
        outcome = "unreadable"
    except Exception:  # one message must not block the others
        logger.exception("Message %s of the mailbox was not saved; it is tried again later.", uid)
        return "failed"
    needs_review = is_truncated or outcome in {"unmatched", "unreadable"}
    flag = REVIEW_FLAG if needs_review else READ_FLAG
    _checked(client.uid("STORE", uid, "+FLAGS.SILENT", flag))
    return outcome


@contextmanager
def _connection(url: str) -> Iterator[imaplib.IMAP4]:
    """A connection on which the folder of `url` is selected."""
    parts = urlsplit(url)
    client_class = imaplib.IMAP4_SSL if parts.scheme == "imaps" else imaplib.IMAP4
    port = parts.port or (993 if parts.scheme == "imaps" else 143)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    client = client_class(parts.hostname or "", port, timeout=RESPONSE_TIMEOUT)
    try:
        client.login(unquote(parts.username or ""), unquote(parts.password or ""))
        quoted = folder.replace("\\", r"\\").replace('"', r"\"")
        _checked(client.select(f'"{quoted}"'))
        yield client
    finally:
        try:
            client.logout()
        except (OSError, imaplib.IMAP4.error):
            logger.info("The mailbox did not confirm the log-out.")


def _checked(response: tuple[str, list[Any]]) -> list[Any]:
    """The data of a response; raises imaplib.IMAP4.error if the server refused."""
    status, data = response
    if status != "OK":
        raise imaplib.IMAP4.error(f"The mailbox answers {status}: {data!r:.200}")
    return data


def _joined(response: tuple[str, list[Any]]) -> bytes:
    return b" ".join(part for part in _checked(response) if isinstance(part, bytes))
