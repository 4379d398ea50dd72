"""The e-mail to the managers that announces an erasure."""

from collections.abc import Sequence
from datetime import date

from core.absolute_urls import absolute_url
from inquiries.admin_urls import inquiry_changelist_url
from inquiries.emails.queue import queue_staff_email
from inquiries.models import Inquiry

MAX_LISTED = 30


def send_erasure_notice(to: Sequence[str], inquiries: Sequence[Inquiry], day: date) -> None:
    """Announce the inquiries to be erased on `day`, and the number of spam; names no buyer."""
    spam = [inquiry for inquiry in inquiries if inquiry.status == inquiry.Status.SPAM]
    others = [inquiry for inquiry in inquiries if inquiry.status != inquiry.Status.SPAM]
    queue_staff_email(
        "erasure_notice",
        to,
        day=day,
        count=len(others),
        spam_count=len(spam),
        named=others[:MAX_LISTED],
        unnamed=max(len(others) - MAX_LISTED, 0),
        url=absolute_url(inquiry_changelist_url(to_be_erased="yes")),
    )
