"""Where inquiries are found in the admin."""

from urllib.parse import urlencode

from django.urls import reverse


def list_of(**filters: object) -> str:
    """The path of the list of inquiries, narrowed down by filters of it: `list_of(late="yes")`."""
    address = reverse("admin:inquiries_inquiry_changelist")
    return f"{address}?{urlencode(filters)}" if filters else address


def page_of(inquiry: int) -> str:
    """The path of the page of the inquiry with this primary key."""
    return reverse("admin:inquiries_inquiry_change", args=[inquiry])
