"""Sending the outbox.

An e-mail is claimed before it is sent: one statement defers its next attempt by CLAIM_DURATION if
nobody has changed the row since it was read. So two processes never send the same e-mail. The claim
is renewed while the e-mail is being sent. If the process is killed, the claim runs out and the
e-mail is sent again with the same Message-ID, since the mail server may not have accepted it.
"""

import logging
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

from django.utils import timezone
from post_office.connections import connections
from post_office.mail import get_queued
from post_office.models import STATUS, Email, Log
from post_office.settings import (
    get_default_mailer,
    get_max_retries,
    get_retry_timedelta,
    get_threads_per_process,
)

logger = logging.getLogger(__name__)

# Meant for good: an unknown address, a full mailbox, a refused text (RFC 5321, 4.2.3).
FINAL_CODES = range(550, 555)
# The policy of the server (RFC 3463, 3.8). For a text it may be about the site, which may lack a
# right that the operator can give it. For a recipient it is about the site only with one of these
# words, since many servers refuse a client or a sender when it names the first recipient.
POLICY_STATUS = b"5.7."
SITE_WORDS = (b"relay", b"rcpthosts", b"authentic", b"client host", b"sender address")

CLAIM_DURATION = timedelta(seconds=30)  # longer than EMAIL_TIMEOUT


def send_emails(may_go_on: Callable[[], bool] = lambda: True) -> None:
    """Send all e-mails that are due, by priority, until `may_go_on` returns False.

    An e-mail that fails is logged, and retried as POST_OFFICE in the settings says.
    """
    while _send_batch(may_go_on):
        pass


def _send_batch(may_go_on: Callable[[], bool]) -> int:
    """Send as many e-mails as a connection may be used for; returns the number of attempts."""
    attempts, senders = 0, get_threads_per_process()
    in_flight: dict[Future[None], Email] = {}
    opened: set[Any] = set()
    try:
        with ThreadPoolExecutor(senders) as pool:
            for email in get_queued():
                if not (may_go_on() and _claim(email)):
                    continue
                attempts += 1
                try:
                    email.prepare_email_message()  # reads its files
                except Exception as error:  # one bad e-mail must not stop the others
                    _record_failure(email, error)
                    continue
                in_flight[pool.submit(_deliver, email, opened)] = email
                if len(in_flight) == senders:
                    _record_ended(in_flight)
            while in_flight:
                _record_ended(in_flight)
    finally:
        for connection in opened:
            connection.close()
    return attempts


def _claim(email: Email) -> bool:
    """Defer the next attempt, unless the row has changed; returns whether the claim succeeded."""
    now = timezone.now()
    unchanged = Email.objects.filter(
        pk=email.pk, status=email.status, scheduled_time=email.scheduled_time
    )
    claimed = unchanged.update(scheduled_time=now + CLAIM_DURATION, last_updated=now)
    return bool(claimed)


def _deliver(email: Email, opened: set[Any]) -> None:
    """Send a claimed e-mail; runs in a thread, whose connection is used for several e-mails."""
    try:
        connection = connections[email.backend_alias or get_default_mailer()]
        opened.add(connection)
        email.dispatch(commit=False, disconnect_after_delivery=False, connection=connection)
    except Exception:
        connections.close()  # the next e-mail opens another one
        raise


def _record_ended(in_flight: dict[Future[None], Email]) -> None:
    """Wait for an e-mail to be sent or refused, and record it; renew the claims of the others."""
    ended, _others = wait(
        in_flight, timeout=CLAIM_DURATION.total_seconds() / 3, return_when=FIRST_COMPLETED
    )
    for future in ended:
        email = in_flight.pop(future)
        if error := future.exception():
            _record_failure(email, error)
        else:
            Email.objects.filter(pk=email.pk).update(
                status=STATUS.sent, last_updated=timezone.now()
            )
    if not ended:
        claimed = [email.pk for email in in_flight.values()]
        Email.objects.filter(pk__in=claimed).update(scheduled_time=timezone.now() + CLAIM_DURATION)


def _record_failure(email: Email, error: BaseException) -> None:
    """Log the failure and defer the next attempt; give up after the last one or a final answer."""
    logger.warning("E-mail %d could not be sent.", email.pk, exc_info=error)
    retries, now = email.number_of_retries or 0, timezone.now()
    changes: dict[str, Any] = {"status": STATUS.failed}
    if retries < get_max_retries() and not _is_final(error):
        changes = {
            "status": STATUS.requeued,
            "scheduled_time": now + get_retry_timedelta(),
            "number_of_retries": retries + 1,
        }
    waiting = Email.objects.filter(pk=email.pk, status=email.status)
    if waiting.update(**changes, last_updated=now):
        Log.objects.create(
            email=email,
            status=STATUS.failed,
            message=str(error),
            exception_type=type(error).__name__,
        )


def _is_final(error: BaseException) -> bool:
    """Whether the mail server has answered that it will never accept the e-mail.

    That it refuses the site, its log-in or its sender is not final: the operator can change that.
    """
    if isinstance(error, SMTPRecipientsRefused):
        answers = [(code, _as_bytes(text)) for code, text in error.recipients.values()]
        return all(code in FINAL_CODES and not _is_about_site(text) for code, text in answers)
    if isinstance(error, SMTPDataError):
        is_policy = _as_bytes(error.smtp_error).startswith(POLICY_STATUS)
        return error.smtp_code in FINAL_CODES and not is_policy
    return False


def _is_about_site(answer: bytes) -> bool:
    """Whether the answer to a recipient is a refusal of the site, and not of the recipient."""
    words = answer.lower()
    return answer.startswith(POLICY_STATUS) and any(word in words for word in SITE_WORDS)


def _as_bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
