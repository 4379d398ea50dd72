"""Fetches the e-mails of a mailbox, each once, whatever people do with it on other devices."""

import logging
import time
from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from inquiries.inbound_mail.bodies import clean
from inquiries.inbound_mail.imap import (
    CONNECTION_ERRORS,
    Folder,
    Listed,
    RefusedError,
    open_folder,
)
from inquiries.inbound_mail.message import UnreadableError, parse_message
from inquiries.inbound_mail.processing import MAX_MEGABYTES, Outcome, process_message
from inquiries.models import Mailbox, UnprocessedEmail
from inquiries.models.unprocessed_email import UnprocessedEmailQuerySet

logger = logging.getLogger(__name__)

MAX_MESSAGES = 100  # in one run
MAX_RUN_TIME = 120  # seconds; the remaining messages follow in the next run
TRUNCATED_SIZE = 1024 * 1024  # bytes fetched of a message that is too big
FIRST_PERIOD = timedelta(days=3)  # before the first run; older messages are not processed
OVERLAP = timedelta(days=1)  # read again when the server has given new UIDs
MAX_LISTED = 1000  # messages in these periods

READ_FLAG, REVIEW_FLAG = r"\Seen", r"\Flagged"
OUTCOMES_TO_MARK = {Outcome.SAVED.value, Outcome.CREATED.value, Outcome.ALREADY_SAVED.value}
OUTCOMES_TO_REVIEW = {Outcome.UNMATCHED.value, "unreadable"}
OUTCOMES_SET_ASIDE = {"unreadable", "failed"}
MAX_SUBJECT_LENGTH, MAX_ERROR_LENGTH = 300, 300  # characters


def fetch_messages(url: str) -> Counter[str]:
    """Process the new messages of the mailbox at `url`; return the number of each outcome.

    `url` has the form of the setting IMAP_URL. Whether a message was read or flagged makes no
    difference: the UID of the last one is saved after it was processed. Since each is saved once,
    an interruption neither loses nor repeats any.

    A message that belongs to no inquiry is flagged for review, the others are marked as read. One
    that cannot be processed is set aside as an UnprocessedEmail. Unless it cannot be parsed, it is
    tried again in later runs.

    Raises one of `imap.CONNECTION_ERRORS` if the server cannot be reached or refuses.
    """
    UnprocessedEmail.objects.expired().delete()
    with open_folder(url) as folder:
        return _Run(folder, _without_password(url)).process()


class _Run:
    """One run through the new messages of a folder."""

    def __init__(self, folder: Folder, url: str) -> None:
        self.folder = folder
        starts_at = timezone.now() - FIRST_PERIOD
        self.mailbox, _ = Mailbox.objects.get_or_create(url=url, defaults={"starts_at": starts_at})
        self.outcomes: Counter[str] = Counter()
        self.end = time.monotonic() + MAX_RUN_TIME

    def process(self) -> Counter[str]:
        """Process the new messages, then those that failed before; return the outcomes."""
        failed = list(self._unprocessed.to_retry().order_by("uid")[:MAX_MESSAGES])
        listed = self._list()
        new = [message for message in listed if message.received_at >= self.mailbox.starts_at]
        for message in new[:MAX_MESSAGES]:
            if self._is_over:
                return self.outcomes
            self._process(message)
        if len(new) > MAX_MESSAGES:
            return self.outcomes
        if listed:
            self._save_position(listed[-1].uid)
        self._mailbox_row.update(checked_at=timezone.now())
        for email in failed:
            if not self._is_over:
                self._retry(email)
        return self.outcomes

    @property
    def _is_over(self) -> bool:
        return time.monotonic() > self.end

    @property
    def _unprocessed(self) -> UnprocessedEmailQuerySet:
        return UnprocessedEmail.objects.filter(mailbox=self.mailbox)

    @property
    def _mailbox_row(self) -> QuerySet[Mailbox]:
        return Mailbox.objects.filter(pk=self.mailbox.pk)

    def _list(self) -> list[Listed]:
        """The messages after the last one; in a folder with new UIDs, the latest ones."""
        mailbox, folder = self.mailbox, self.folder
        has_same_uids = mailbox.uid_validity == folder.uid_validity and (
            not folder.next_uid or folder.next_uid > mailbox.last_uid
        )
        if has_same_uids:
            return folder.list_after(mailbox.last_uid)
        listed = folder.list_last(MAX_LISTED)
        if mailbox.checked_at:
            times = self._unprocessed.to_retry().values_list("failed_at", flat=True)
            mailbox.starts_at = min([mailbox.checked_at, *times]) - OVERLAP
        mailbox.uid_validity = folder.uid_validity
        mailbox.last_uid = listed[0].uid - 1 if listed else 0
        with transaction.atomic():
            self._unprocessed.to_retry().delete()
            self._unprocessed.update(uid=None)
            mailbox.save()
        return listed

    def _retry(self, email: UnprocessedEmail) -> None:
        """Process a message again that failed in an earlier run."""
        if email.uid is None or not self._unprocessed.filter(pk=email.pk, uid=email.uid).exists():
            return
        if message := self.folder.find(email.uid):
            self._process(message)
        else:
            email.delete()

    def _process(self, message: Listed) -> None:
        """Process one message, set its flag, and save that it was read."""
        is_truncated = message.size > MAX_MEGABYTES * 1024 * 1024
        try:
            content = self.folder.fetch(message.uid, TRUNCATED_SIZE if is_truncated else None)
        except RefusedError as error:
            outcome = self._set_aside(message, error)
        except CONNECTION_ERRORS as error:
            # So that the next run does not begin with the message that broke the connection.
            self._set_aside(message, error)
            self._save_position(message.uid)
            raise
        else:
            outcome = self._outcome(message, content, is_truncated)
        self.outcomes[outcome] += 1
        if outcome not in OUTCOMES_SET_ASIDE:
            self._unprocessed.filter(uid=message.uid).delete()
        try:
            self._flag(message, outcome, is_truncated)
        except CONNECTION_ERRORS:
            self._save_position(message.uid)
            raise
        self._save_position(message.uid)

    def _flag(self, message: Listed, outcome: str, is_truncated: bool) -> None:
        if outcome in OUTCOMES_TO_REVIEW or is_truncated:
            self.folder.add_flag(message.uid, REVIEW_FLAG)
        elif outcome in OUTCOMES_TO_MARK:
            self.folder.add_flag(message.uid, READ_FLAG)

    def _outcome(self, message: Listed, content: bytes | None, is_truncated: bool) -> str:
        if content is None:
            return "gone"  # deleted in the meantime
        try:
            return process_message(content, is_truncated).value
        except Exception as error:  # one message must not block the others
            return self._set_aside(message, error, content)

    def _set_aside(self, message: Listed, error: Exception, content: bytes = b"") -> str:
        """Save that a message was not processed, and log it the first time."""
        is_unreadable = isinstance(error, UnreadableError)
        text = clean(f"{type(error).__name__}: {error}")[:MAX_ERROR_LENGTH]
        values = {"error": text, "is_retried": not is_unreadable}
        sender, subject = describe_source(content)
        _, is_new = UnprocessedEmail.objects.update_or_create(
            mailbox=self.mailbox,
            uid=message.uid,
            defaults=values,
            create_defaults={**values, "sender": sender, "subject": subject},
        )
        if is_new:
            logger.warning("Message %s of the mailbox was set aside.", message.uid, exc_info=error)
        return "unreadable" if is_unreadable else "failed"

    def _save_position(self, uid: int) -> None:
        """Save the UID of the last message, which another process may have passed already."""
        self._mailbox_row.filter(last_uid__lt=uid).update(last_uid=uid)


def describe_source(content: bytes) -> tuple[str, str]:
    """The sender and the subject of a message; if it is no e-mail, its first line instead."""
    try:
        message = parse_message(content)
    except UnreadableError:
        lines = clean(content[:MAX_SUBJECT_LENGTH].decode("utf-8", "replace")).split("\n")
        return "", next((line.strip() for line in lines if line.strip()), "")
    return message.sender, message.subject[:MAX_SUBJECT_LENGTH]


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{parts.username}@{host}").geturl()
