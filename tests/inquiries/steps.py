"""Where the staff and the buyers look again and again."""

from inquiries.models import Inquiry


def page_of(inquiry: Inquiry) -> str:
    """Where the staff work on it."""
    return f"/admin/inquiries/inquiry/{inquiry.pk}/change/"


def buyers_page_of(inquiry: Inquiry) -> str:
    """Where its buyer follows it."""
    return inquiry.status_url.removeprefix("http://testserver")
