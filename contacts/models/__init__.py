"""The company that runs the site, its calendar, and its sales contacts."""

from contacts.models.absence import Absence
from contacts.models.calendar import Holiday, WorkingHours
from contacts.models.company import Company
from contacts.models.contact import Contact, ContactQuerySet
from contacts.models.site import Site
from contacts.models.social_link import SocialLink

__all__ = [
    "Absence",
    "Company",
    "Contact",
    "ContactQuerySet",
    "Holiday",
    "Site",
    "SocialLink",
    "WorkingHours",
]
