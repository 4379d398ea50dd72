"""Absences of contacts."""

from datetime import timedelta
from typing import Any

from contacts.models import Company, Contact


def add_absence(contact: Contact, substitute: Contact | None = None, days: int = 3) -> Any:
    """Create an absence from today on, for `days` days."""
    today = Company.get_solo().today
    last_day = today + timedelta(days=days)
    return contact.absences.create(first_day=today, last_day=last_day, substitute=substitute)


def end_absence(contact: Contact) -> None:
    """Change the absence so that it ended yesterday."""
    today = Company.get_solo().today
    contact.absences.update(first_day=today - timedelta(days=3), last_day=today - timedelta(days=1))
