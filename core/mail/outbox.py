"""The outbox: e-mails are stored in the same transaction as the change that they report.

`manage.py run_worker` sends them, and retries while the mail server cannot be reached.
"""

from datetime import timedelta

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from post_office import mail
from post_office.models import STATUS, Email

from core.worker.schedule import every

RETENTION = timedelta(days=30)
DELETE_BATCH_SIZE = 1000


def queue_email(
    template: str,
    context: dict[str, object],
    to: list[str],
    headers: dict[str, str] | None = None,
    sender: str | None = None,
    has_html: bool = False,
) -> Email:
    """Render `templates/<template>.txt` with `context` and queue it as an e-mail.

    The first line of the template is the subject. `sender` replaces DEFAULT_FROM_EMAIL. With
    `has_html` the template `<template>.html` is added as an alternative. The returned row has the
    Message-ID, which stays the same in every attempt to send.

    Raises ValidationError for an invalid address in `to`.
    """
    subject, _, body = render_to_string(f"{template}.txt", context).strip().partition("\n")
    html = render_to_string(f"{template}.html", context) if has_html else ""
    # post_office renders subject and body as templates. What a visitor typed must never be
    # rendered, so it is passed as a value.
    return mail.send(
        to,
        sender,
        subject="{{ subject|safe }}",
        message="{{ body|safe }}",
        html_message="{{ html|safe }}" if html else "",
        context={"subject": subject.strip(), "body": body.strip() + "\n", "html": html},
        headers=headers,
    )


@every(days=1)
def delete_old_emails() -> None:
    """Delete sent and failed e-mails that are older than RETENTION, but not queued ones.

    Messages to buyers are also stored with their inquiry.
    """
    ended = Q(status=STATUS.sent) | Q(status=STATUS.failed)
    old = Email.objects.filter(ended, created__lt=timezone.now() - RETENTION).order_by("pk")
    while batch := list(old.values_list("pk", flat=True)[:DELETE_BATCH_SIZE]):
        Email.objects.filter(pk__in=batch).delete()
