"""URLs of the pages of an inquiry."""

from inquiries.models import Inquiry


def change_url(inquiry: Inquiry) -> str:
    """The change form in the admin."""
    return f"/admin/inquiries/inquiry/{inquiry.pk}/change/"


def status_page_url(inquiry: Inquiry) -> str:
    """The path of the buyer's status page."""
    return inquiry.status_url.removeprefix("http://testserver")
