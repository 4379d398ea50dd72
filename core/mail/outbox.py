"""The outbox: e-mails are stored in the same transaction as the change that they report.

`manage.py run_worker` sends them, and retries while the mail server cannot be reached.
"""

import mimetypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from email.utils import make_msgid
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from post_office.models import PRIORITY, STATUS, Attachment, Email, Log
from post_office.settings import get_message_id_fqdn, get_retry_timedelta
from post_office.utils import parse_emails

from core.prepared_queries import insert_rows
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action
from core.worker.schedule import every

MAX_WAITING = timedelta(minutes=15)
RETENTION = timedelta(days=30)
DELETE_BATCH_SIZE = 1000
# The headers of e-mails to the staff, so that no program replies to them (RFC 3834).
AUTOMATIC = {"Auto-Submitted": "auto-generated"}

_pending: ContextVar[list[Email] | None] = ContextVar("pending", default=None)


class EmailAttachment(NamedTuple):
    """A file in the private storage, and the name under which it is sent."""

    name: str
    path: str


def queue_email(
    template: str,
    context: dict[str, object],
    to: list[str],
    headers: dict[str, str] | None = None,
    sender: str | None = None,
    has_html: bool = False,
    attachments: Sequence[EmailAttachment] = (),
) -> Email:
    """Render `templates/<template>.txt` with `context` and queue it as an e-mail.

    The first line of the template is the subject. `sender` replaces DEFAULT_FROM_EMAIL. With
    `has_html` the template `<template>.html` is added as an alternative. The returned row has the
    Message-ID, which stays the same in every attempt to send.

    The files of `attachments` are read when the e-mail is sent; they must not be deleted before.

    Raises ValidationError for an invalid address in `to`.
    """
    subject, _, body = render_to_string(f"{template}.txt", context).strip().partition("\n")
    html = render_to_string(f"{template}.html", context) if has_html else ""
    # Not by post_office's `send`, which renders subject and body as templates: what a visitor typed
    # must never be rendered.
    email = Email(
        from_email=sender or settings.DEFAULT_FROM_EMAIL,
        to=parse_emails(to),
        subject=subject.strip(),
        message=body.strip() + "\n",
        html_message=html,
        headers=headers,
        message_id=make_msgid(domain=get_message_id_fqdn()),
        priority=PRIORITY.medium,
        status=STATUS.queued,
    )
    if sender:
        email.clean_fields(exclude={field.name for field in Email._meta.fields} - {"from_email"})
    pending = _pending.get()
    if pending is None or attachments:
        Email.objects.bulk_create([email])  # `save` would check every field
    else:
        pending.append(email)
    for attachment in attachments:
        row = Attachment(name=attachment.name, mimetype=_mime_type(attachment.name))
        row.file.name = attachment.path
        row.save()
        row.emails.add(email)
    return email


@contextmanager
def stored_together() -> Iterator[None]:
    """Store the e-mails that are queued in this context at its end, with one statement."""
    emails: list[Email] = []
    token = _pending.set(emails)
    try:
        yield
        insert_rows(emails)
    finally:
        _pending.reset(token)


def find_waiting() -> QuerySet[Email]:
    """The e-mails that no mail server has accepted or refused for good yet."""
    return Email.objects.filter(status__in=(STATUS.queued, STATUS.requeued))


def find_delayed() -> QuerySet[Email]:
    """The e-mails that have been waiting for MAX_WAITING, because of the worker or the mail server.

    Those that were queued for a later time, or are being sent for the first time, are not.
    """
    now = timezone.now()
    return (
        find_waiting()
        .filter(created__lt=now - MAX_WAITING)
        .exclude(scheduled_time__gt=now, number_of_retries=None)
    )


def find_failed(since: datetime) -> QuerySet[Email]:
    """The e-mails that were given up since then, the last one first, each with its `reason`.

    Their texts are not read, some of which are for one person only.
    """
    logs = Log.objects.filter(email=OuterRef("pk")).order_by("-date", "-pk")
    return (
        Email.objects.filter(status=STATUS.failed, last_updated__gt=since)
        .annotate(reason=Subquery(logs.values("message")[:1]))
        .defer("message", "html_message")
        .order_by("-last_updated", "-pk")
    )


@transaction.atomic
def send_again(pk: int, *, by: User) -> bool:
    """Queue a failed e-mail again, with the same Message-ID; returns whether it was a failed one.

    So a second click does nothing. Raises Email.DoesNotExist.
    """
    email = Email.objects.select_for_update().get(pk=pk)
    if email.status != STATUS.failed:
        return False
    now = timezone.now()
    Email.objects.filter(pk=pk).update(
        status=STATUS.queued,
        created=now,
        last_updated=now,
        scheduled_time=None,
        number_of_retries=None,
    )
    log_action(StaffAction.Kind.CHANGED, email, by=by, message=_("Sent again."))
    return True


@every(minutes=1)
def limit_delays() -> None:
    """Let no e-mail that was tried before the clock was set back wait until that time."""
    now = timezone.now()
    latest = now + get_retry_timedelta()
    delayed = find_waiting().filter(scheduled_time__gt=latest, last_updated__gt=now)
    delayed.update(scheduled_time=latest)


@every(days=1, limit=timedelta(hours=1))
def delete_old_emails() -> None:
    """Delete sent and failed e-mails that are older than RETENTION, but not queued ones.

    Messages to buyers are also stored with their inquiry.
    """
    ended = Q(status=STATUS.sent) | Q(status=STATUS.failed)
    old = Email.objects.filter(ended, created__lt=timezone.now() - RETENTION).order_by("pk")
    while batch := list(old.values_list("pk", flat=True)[:DELETE_BATCH_SIZE]):
        Email.objects.filter(pk__in=batch).delete()
    # Their files belong to other rows.
    Attachment.objects.filter(emails=None).delete()


def _mime_type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
