"""The e-mail to the managers about e-mails to their colleagues that could not be delivered."""

from collections.abc import Sequence

from django.urls import reverse

from core.absolute_urls import absolute_url
from inquiries.emails.queue import queue_staff_email

MAX_LISTED = 20
# Not those of other e-mails to the staff: a notice that fails is not reported (RFC 5436, 2.7.1).
HEADERS = {"Auto-Submitted": "auto-notified"}


def send_failure_notice(to: Sequence[str], failures: Sequence[str]) -> None:
    """Name the first MAX_LISTED of `failures`: recipient, subject and reason, on one line each."""
    queue_staff_email(
        "failure_notice",
        to,
        headers=HEADERS,
        count=len(failures),
        named=failures[:MAX_LISTED],
        unnamed=max(len(failures) - MAX_LISTED, 0),
        url=absolute_url(reverse("admin:index")),
    )
