"""Acknowledging an inquiry by e-mail, within limits that protect strangers.

The acknowledgement goes to an e-mail address that anyone may have typed. So its number is limited
for each recipient, and for each IP address that sends inquiries.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.db.models import Exists, Q
from django.utils import timezone

from core.rate_limit import is_over_any_limit
from inquiries.emails import buyer
from inquiries.models import Inquiry, InquiryEvent
from inquiries.services.events import record_event
from inquiries.services.transactions import locked

HOUR, DAY = 3600, 24 * 3600  # seconds
BUYER_LIMITS = [(3, HOUR), (8, DAY)]
SENDER_LIMITS = [(10, HOUR), (30, DAY)]


def acknowledge_inquiry(inquiry: Inquiry) -> None:
    """Send the acknowledgement once, unless a limit is exceeded."""
    with locked(inquiry):
        if inquiry.acknowledged_at or not may_acknowledge(inquiry):
            return
        inquiry.acknowledged_at = timezone.now()
        inquiry.save(update_fields=["acknowledged_at"])
        email = buyer.send_acknowledgement(inquiry)
        _save_message_id(inquiry, email.message_id or "")


def may_acknowledge(
    inquiry: Inquiry, ip_address: str = "", recent: "RecentInquiries | None" = None
) -> bool:
    """Count an acknowledgement for the visitor's IP address, which is empty if it is unknown.

    Returns whether it and the buyer are within their limits. The buyer's are counted in the
    database, so that no cache is needed; `recent` are their inquiries, if they are known.
    """
    if not inquiry.email:
        return False
    now = timezone.now()
    recent = recent or RecentInquiries.of(inquiry.email)
    ages = [(now - time).total_seconds() for time in recent.acknowledged]
    if any(sum(age < seconds for age in ages) >= limit for limit, seconds in BUYER_LIMITS):
        return False
    return not ip_address or not is_over_any_limit(
        [(f"acknowledge-{rate[1]}", ip_address, rate) for rate in SENDER_LIMITS]
    )


@dataclass(frozen=True)
class RecentInquiries:
    """When inquiries of a buyer were received and acknowledged within the last day."""

    received: list[datetime]
    acknowledged: list[datetime]

    @classmethod
    def of(cls, email: str) -> Self:
        since = timezone.now() - timedelta(seconds=DAY)
        is_recent = Q(created_at__gt=since) | Q(acknowledged_at__gt=since)
        inquiries = Inquiry.objects.from_buyer(email).filter(is_recent).order_by()
        times = list(inquiries.values_list("created_at", "acknowledged_at")) if email else []
        return cls(
            [received for received, _at in times if received > since],
            [at for _received, at in times if at and at > since],
        )


def _save_message_id(inquiry: Inquiry, message_id: str) -> None:
    """Save the Message-ID of the acknowledgement, which replies and error reports refer to."""
    received = inquiry.events.filter(kind=InquiryEvent.Kind.RECEIVED)
    by_email = received.exclude(message_id="")  # such an inquiry has a Message-ID of its own
    if not received.filter(~Exists(by_email)).update(message_id=message_id):
        record_event(inquiry, InquiryEvent.Kind.ACKNOWLEDGED, message_id=message_id)
