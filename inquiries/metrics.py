"""Gauges of inquiries."""

from core.metrics.gauges import MAX_COUNT, Values, count_rows, gauge, seconds_since
from inquiries.models import Inquiry


@gauge(
    "inquiries", f"Inquiries by status; at most {MAX_COUNT} of each are counted.", label="status"
)
def inquiries_by_status() -> Values:
    # The index `inquiry_by_status` has the rows of each status one after the other.
    return {
        status: count_rows(Inquiry.objects.filter(status=status))
        for status in Inquiry.Status.values
    }


@gauge("overdue_inquiries", f"Inquiries whose reply is overdue, at most {MAX_COUNT}.")
def overdue_inquiries() -> float:
    return count_rows(Inquiry.objects.overdue())


@gauge(
    "oldest_unanswered_inquiry_seconds",
    "Time since the oldest inquiry that awaits its first reply was received; 0 for none.",
)
def oldest_unanswered_inquiry() -> float:
    # One status at a time, whose oldest inquiry is at the end of its part of the index.
    unanswered = Inquiry.objects.order_by("created_at", "pk").values_list("created_at", flat=True)
    oldest = [unanswered.filter(status=status).first() for status in Inquiry.AWAITING_REPLY]
    return seconds_since(min(filter(None, oldest), default=None))
