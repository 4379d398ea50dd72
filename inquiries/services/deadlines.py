"""Setting the reply deadline. How it is computed: `InquirySettings.reply_deadline`."""

from django.utils import timezone

from inquiries.models import Inquiry, InquirySettings

DEADLINE_FIELDS = ["due_at", "reminded_at", "escalated_at"]


def reset_deadline(inquiry: Inquiry) -> list[str]:
    """Set a new reply deadline from now on, without saving; returns the fields to save."""
    inquiry.due_at = InquirySettings.get_solo().reply_deadline(timezone.now())
    inquiry.reminded_at = inquiry.escalated_at = None
    return DEADLINE_FIELDS
