"""Acknowledging an inquiry by e-mail, within limits that protect strangers.

The acknowledgement goes to an e-mail address that anyone may have typed. So its number is limited
for each recipient, and for each IP address that sends inquiries.
"""

from datetime import timedelta

from django.db.models import Exists
from django.utils import timezone

from core.rate_limit import is_over_limit
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
        acknowledge_locked_inquiry(inquiry)


def acknowledge_locked_inquiry(inquiry: Inquiry, *, ip_address: str = "") -> None:
    """Do the same for an inquiry that is new in this transaction, or locked.

    `ip_address` is the visitor's IP address, empty if unknown.
    """
    if inquiry.acknowledged_at or not inquiry.email or not _is_within_limits(inquiry, ip_address):
        return
    inquiry.acknowledged_at = timezone.now()
    inquiry.save(update_fields=["acknowledged_at"])
    email = buyer.send_acknowledgement(inquiry)
    _save_message_id(inquiry, email.message_id or "")


def _save_message_id(inquiry: Inquiry, message_id: str) -> None:
    """Save the Message-ID of the acknowledgement, which replies and error reports refer to."""
    received = inquiry.events.filter(kind=InquiryEvent.Kind.RECEIVED)
    by_email = received.exclude(message_id="")  # such an inquiry has a Message-ID of its own
    if not received.filter(~Exists(by_email)).update(message_id=message_id):
        record_event(inquiry, InquiryEvent.Kind.ACKNOWLEDGED, message_id=message_id)


def _is_within_limits(inquiry: Inquiry, ip_address: str) -> bool:
    """Count one for the IP address; return whether it and the buyer are within their limits.

    The buyer's acknowledgements are counted in the database, so that no cache is needed.
    """
    now = timezone.now()
    recent = Inquiry.objects.from_buyer(inquiry.email).filter(
        acknowledged_at__gt=now - timedelta(seconds=DAY)
    )
    times = recent.order_by("-acknowledged_at").values_list("acknowledged_at", flat=True)
    ages = [(now - time).total_seconds() for time in times[: max(BUYER_LIMITS)[0]] if time]
    if any(sum(age < seconds for age in ages) >= limit for limit, seconds in BUYER_LIMITS):
        return False
    return not ip_address or not any(
        is_over_limit(f"acknowledge-{rate[1]}", ip_address, rate) for rate in SENDER_LIMITS
    )
