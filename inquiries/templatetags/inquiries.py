"""Filters that show deadlines and events of inquiries."""

from django import template

from contacts.office_hours import OfficeHours
from inquiries.display.deadlines import Deadline
from inquiries.display.events import event_summary
from inquiries.models import Inquiry

register = template.Library()

register.filter("event_summary", event_summary)


@register.filter
def deadline(inquiry: Inquiry, office_hours: OfficeHours | None = None) -> Deadline:
    """The reply deadline; lists pass the company's office hours, so that they are read once."""
    return Deadline.of(inquiry, office_hours)
