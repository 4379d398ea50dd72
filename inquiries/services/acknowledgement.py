"""Acknowledging an inquiry by e-mail, within limits that protect strangers.

The acknowledgement goes to an e-mail address that anyone may have typed. So its number is limited
for each recipient and for each IP address that sends inquiries; above a limit for the whole site,
acknowledgements wait.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Self

from django.conf import settings
from django.db.models import DateTimeField, EmailField, Exists, Q, QuerySet
from django.utils import timezone

from core.prepared_queries import prepared
from core.rate_limit import first_exceeded, is_over_limit
from inquiries.emails import buyer
from inquiries.models import Inquiry, InquiryEvent
from inquiries.services.events import record_event
from inquiries.services.transactions import locked

HOUR, DAY = 3600, 24 * 3600  # seconds
BUYER_LIMITS = [(3, HOUR), (8, DAY)]
SENDER_LIMITS = [(10, HOUR), (30, DAY)]
OF_SITE = "acknowledge-site"  # the limit above which acknowledgements wait
WAIT = timedelta(minutes=10)
MAX_WAIT = timedelta(days=1)  # after which nobody expects it any more


class Decision(Enum):
    """Whether an inquiry is acknowledged."""

    NOW = "now"
    LATER = "later"  # the whole site has sent too many
    NEVER = "never"


def acknowledge_inquiry(inquiry: Inquiry) -> None:
    """Send the acknowledgement once, unless a limit is exceeded."""
    with locked(inquiry):
        if inquiry.acknowledged_at:
            return
        decision = decide_acknowledgement(inquiry)
        note_decision(inquiry, decision)
        inquiry.save(update_fields=["acknowledged_at", "acknowledge_after"])
        if decision == Decision.NOW:
            email = buyer.send_acknowledgement(inquiry)
            _save_message_id(inquiry, email.message_id or "")


def acknowledge_waiting_inquiries() -> None:
    """Send the acknowledgements that have waited long enough, up to the limit of the site."""
    now = timezone.now()
    due = Inquiry.objects.filter(acknowledge_after__lte=now).order_by("acknowledge_after", "pk")
    for inquiry in due[: settings.ACKNOWLEDGEMENT_RATE[0] or None]:
        with locked(inquiry):
            is_needed = (
                not (inquiry.acknowledged_at or inquiry.first_response_at or inquiry.erased_at)
                and inquiry.status != Inquiry.Status.SPAM
                and now - inquiry.created_at < MAX_WAIT
            )
            if is_needed and is_over_limit(OF_SITE, "", settings.ACKNOWLEDGEMENT_RATE):
                return
            note_decision(inquiry, Decision.NOW if is_needed else Decision.NEVER)
            inquiry.save(update_fields=["acknowledged_at", "acknowledge_after"])
            if is_needed:
                email = buyer.send_acknowledgement(inquiry)
                _save_message_id(inquiry, email.message_id or "")


def note_decision(inquiry: Inquiry, decision: Decision) -> None:
    """Set on the inquiry when it is acknowledged; does not save it."""
    now = timezone.now()
    inquiry.acknowledge_after = now + WAIT if decision == Decision.LATER else None
    if decision == Decision.NOW:
        inquiry.acknowledged_at = now


def decide_acknowledgement(
    inquiry: Inquiry, ip_address: str = "", recent: "RecentInquiries | None" = None
) -> Decision:
    """Count an acknowledgement for the buyer, the visitor's IP address, if known, and the site.

    Those to exactly the buyer's address are counted in the database, so that no cache is needed;
    `recent` are their inquiries, if they are known. All spellings of the address, the network and
    the site are counted in the cache.
    """
    if not inquiry.email:
        return Decision.NEVER
    now = timezone.now()
    recent = recent or RecentInquiries.of(inquiry.email)
    ages = [(now - time).total_seconds() for time in recent.acknowledged]
    if any(sum(age < seconds for age in ages) >= limit for limit, seconds in BUYER_LIMITS):
        return Decision.NEVER
    limits = [(f"acknowledge-to-{rate[1]}", inquiry.email, rate) for rate in BUYER_LIMITS]
    if ip_address:
        limits += [(f"acknowledge-{rate[1]}", ip_address, rate) for rate in SENDER_LIMITS]
    exceeded = first_exceeded([*limits, (OF_SITE, "", settings.ACKNOWLEDGEMENT_RATE)])
    if exceeded == OF_SITE:
        return Decision.LATER
    return Decision.NEVER if exceeded else Decision.NOW


@dataclass(frozen=True)
class RecentInquiries:
    """When inquiries of a buyer were received and acknowledged within the last day."""

    received: list[datetime]
    acknowledged: list[datetime]

    @classmethod
    def of(cls, email: str) -> Self:
        since = timezone.now() - timedelta(seconds=DAY)
        times = _times_of(email=email, since=since) if email else []
        return cls(
            [received for received, _at in times if received > since],
            [at for _received, at in times if at and at > since],
        )


@prepared(email=EmailField(), since=DateTimeField())
def _times_of(email: Any, since: Any) -> QuerySet[Inquiry, tuple[datetime, datetime | None]]:
    is_recent = Q(created_at__gt=since) | Q(acknowledged_at__gt=since)
    inquiries = Inquiry.objects.from_buyer(email).filter(is_recent).order_by()
    return inquiries.values_list("created_at", "acknowledged_at")


def _save_message_id(inquiry: Inquiry, message_id: str) -> None:
    """Save the Message-ID of the acknowledgement, which replies and error reports refer to."""
    received = inquiry.events.filter(kind=InquiryEvent.Kind.RECEIVED)
    by_email = received.exclude(message_id="")  # such an inquiry has a Message-ID of its own
    if not received.filter(~Exists(by_email)).update(message_id=message_id):
        record_event(inquiry, InquiryEvent.Kind.ACKNOWLEDGED, message_id=message_id)
