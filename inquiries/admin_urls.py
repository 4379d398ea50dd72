"""URLs of the inquiries' pages in the admin."""

from urllib.parse import urlencode

from django.urls import reverse


def inquiry_changelist_url(**filters: object) -> str:
    """The list of inquiries with filters: `inquiry_changelist_url(late="yes")`."""
    url = reverse("admin:inquiries_inquiry_changelist")
    return f"{url}?{urlencode(filters)}" if filters else url


def inquiry_change_url(pk: int) -> str:
    """The page of the inquiry with this primary key."""
    return reverse("admin:inquiries_inquiry_change", args=[pk])
