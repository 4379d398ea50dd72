"""The company that runs the site, and its sales contacts."""

from contacts.models.absences import Absence
from contacts.models.calendar import Holiday, WorkingHours
from contacts.models.company import Company
from contacts.models.contacts import Contact
from contacts.models.querysets import ContactQuerySet

__all__ = ["Absence", "Company", "Contact", "ContactQuerySet", "Holiday", "WorkingHours"]
