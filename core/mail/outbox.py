"""Mail goes to an outbox in the database, in the transaction of what it tells about.

`manage.py run_worker` sends it from there, and tries again where the mail server is away.
"""

from datetime import timedelta

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from post_office import mail
from post_office.models import STATUS, Email

from core.worker.schedule import every

KEPT = timedelta(days=30)
MOST_FORGOTTEN = 1000


def put(
    template: str,
    context: dict[str, object],
    to: list[str],
    headers: dict[str, str] | None = None,
    sender: str | None = None,
    has_html: bool = False,
) -> Email:
    """Queue the message that `templates/<template>.txt` makes of `context`; returns its row.

    The template's first line is the subject; `sender` stands for DEFAULT_FROM_EMAIL, and `has_html`
    says that `<template>.html` shows the same to whoever reads mail in colour. The row holds the
    Message-ID, which stays the same however often sending is tried.

    Raises ValidationError for an address that is none.
    """
    subject, _, body = render_to_string(f"{template}.txt", context).strip().partition("\n")
    html = render_to_string(f"{template}.html", context) if has_html else ""
    # The outbox takes subject and body for templates of its own. What a visitor typed must never
    # be run as one, so it is handed over as a value.
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
def forget() -> None:
    """Delete what was sent, or given up, a month ago; what still waits is never deleted.

    What was said to a buyer stays with its inquiry.
    """
    ended = Q(status=STATUS.sent) | Q(status=STATUS.failed)
    old = Email.objects.filter(ended, created__lt=timezone.now() - KEPT).order_by("pk")
    while some := list(old.values_list("pk", flat=True)[:MOST_FORGOTTEN]):
        Email.objects.filter(pk__in=some).delete()
