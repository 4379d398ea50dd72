"""People who are away."""

from datetime import timedelta
from typing import Any

from contacts.models import Company, Contact


def send_away(contact: Contact, substitute: Contact | None = None, days: int = 3) -> Any:
    """Have a contact be away from today on, for so many days."""
    today = Company.get_solo().today
    last_day = today + timedelta(days=days)
    return contact.absences.create(first_day=today, last_day=last_day, substitute=substitute)


def call_back(contact: Contact) -> None:
    """End the absence: it was over yesterday."""
    today = Company.get_solo().today
    contact.absences.update(first_day=today - timedelta(days=3), last_day=today - timedelta(days=1))
