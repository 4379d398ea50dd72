"""Setting the reply deadline, which `InquirySettings.reply_deadline` computes."""

from django.utils import timezone

from inquiries.models import Inquiry, InquirySettings

DEADLINE_FIELDS = ["due_at", "reminded_at", "escalated_at"]


def reset_deadline(inquiry: Inquiry) -> list[str]:
    """Set a new reply deadline, counted from now, without saving; return the fields to save."""
    inquiry.due_at = InquirySettings.current().reply_deadline(timezone.now())
    inquiry.reminded_at = inquiry.escalated_at = None
    return DEADLINE_FIELDS
