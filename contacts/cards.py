"""Contacts with their local time, availability and substitute, for pages and the admin."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from contacts.availability import Availability, describe_absence, describe_office_hours
from contacts.models import Company, Contact, ContactQuerySet
from contacts.models.contact import follow_substitutes
from contacts.time_zones import utc_offset


@dataclass(frozen=True)
class ContactCard:
    """A contact today; `responsible` is who replies: the contact, a substitute, or None."""

    contact: Contact
    company: Company
    away_until: date | None
    responsible: Contact | None

    @property
    def zone(self) -> ZoneInfo:
        return self.contact.get_zone(self.company)

    @property
    def local_time(self) -> datetime:
        """The time in the contact's time zone, to the second."""
        return timezone.localtime(timezone=self.zone).replace(microsecond=0)

    @property
    def utc_offset(self) -> str:
        """The present offset of the contact's time zone, such as UTC+8, which pages show.

        A page may be cached, so that only a script can show the time.
        """
        return utc_offset(self.zone, timezone.now())

    @property
    def availability(self) -> Availability:
        """The availability now; the company's office hours apply in the contact's time zone."""
        now = self.local_time
        if self.away_until:
            return describe_absence(now, self.away_until, self.responsible)
        hours = replace(self.company.office_hours, zone=self.zone)
        return describe_office_hours(now, hours.next_opening(now).astimezone(self.zone))


def get_contact_cards(
    contacts: ContactQuerySet, company: Company, limit: int | None = None
) -> list[ContactCard]:
    """The cards of the first `limit` of these contacts.

    Takes one query, and two more if a substitute is not among these contacts. The first
    availability that is read takes two queries for the company's office hours.
    """
    rows = list(contacts.with_absence(company)[:limit])
    responsible = _find_responsible(rows, company)
    return [
        ContactCard(contact, company, contact.away_until, responsible[contact.pk])
        for contact in rows
    ]


def _find_responsible(contacts: Iterable[Contact], company: Company) -> dict[int, Contact | None]:
    """Map the primary key of each contact to the contact who is responsible today."""
    known = {contact.pk: contact for contact in contacts}
    absent = {c.pk: c.substitute_id for c in known.values() if c.away_until or not c.is_active}
    responsible = {pk: follow_substitutes(pk, absent) for pk in absent}
    if not known.keys() >= {pk for pk in responsible.values() if pk}:
        substitutes = Contact.objects.get_substitutes(company)
        responsible = {pk: substitutes.get(pk) for pk in absent}
        known |= Contact.objects.in_bulk({pk for pk in responsible.values() if pk} - known.keys())
    return {
        contact.pk: known.get(responsible.get(contact.pk, contact.pk) or 0) for contact in contacts
    }
