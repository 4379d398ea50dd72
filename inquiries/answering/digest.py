"""Each working day, once the company opens: what is open and what is late, to whom it concerns."""

import logging
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Company, Contact
from contacts.office_hours import OfficeHours
from inquiries.mail import lists
from inquiries.mail.lists import Listed
from inquiries.mail.managers import manager_addresses
from inquiries.models import Desk, Inquiry
from inquiries.models.querysets import InquiryQuerySet
from inquiries.models.waiting import messages_since

logger = logging.getLogger(__name__)

LONGEST_BACK = timedelta(days=7)  # that a message counts as new


def send_digests() -> None:
    """Send the digest of today, where it is time and nobody has sent it yet.

    The claim and the mail are one transaction: two machines at once send it once, and what is
    killed in between is done by the next run. A failure for one reader leaves out that one.
    """
    hours = Company.get_solo().office_hours
    today = timezone.localdate(timezone=hours.zone)
    opening = _opening(hours, today)
    if opening is None or timezone.now() < opening:
        return
    with transaction.atomic():
        last = Desk.get_solo().digest_sent_on
        if Desk.claim_digest(today):
            last = max(last or today - timedelta(days=1), today - LONGEST_BACK)
            since = datetime.combine(last, time.min, hours.zone)
            _send_to_all(_opening(hours, last) or since)


def _opening(hours: OfficeHours, day: date) -> datetime | None:
    """When the company opens on `day`; None where it stays closed."""
    opening = hours.next_opening(datetime.combine(day, time.min, hours.zone))
    return opening if opening.astimezone(hours.zone).date() == day else None


def _send_to_all(since: datetime) -> None:
    inquiries = Inquiry.objects.open()
    for contact, theirs in inquiries.by_answerer():
        if contact is not None:
            _send(contact, theirs, since)
    _send(None, inquiries, since)


def _send(contact: Contact | None, inquiries: InquiryQuerySet, since: datetime) -> None:
    """Send a contact what is theirs, or the managers everything; nothing where nothing is open."""
    try:
        with transaction.atomic():
            to = [contact.address] if contact else manager_addresses()
            open_count = inquiries.count()
            if to and open_count:
                lists.digest(to, contact, _sections(contact, inquiries, since), open_count)
    except Exception:
        logger.exception("The digest for %s could not be made.", contact or "the managers")


def _sections(contact: Contact | None, inquiries: InquiryQuerySet, since: datetime) -> list[Listed]:
    """What is to be done, the most urgent first, each once. To managers, also what has nobody."""
    has_message = messages_since(since)
    inquiries = inquiries.annotate(has_message=has_message)
    others = inquiries.not_urgent()
    sections = [
        Listed.of(inquiries.overdue(), {"late": "yes"}, _("Late")),
        Listed.of(inquiries.due_today(), {"late": "today"}, _("To be answered today")),
    ]
    if contact is None:
        stranded = others.stranded()
        sections += [
            Listed.of(
                others.filter(assigned_to=None), {"status__exact": "new"}, _("Not assigned yet")
            ),
            Listed.of(stranded, {"open": "stranded"}, _("With nobody who is there")),
        ]
        others = others.exclude(assigned_to=None).exclude(pk__in=stranded.values("pk"))
    later = others.waiting()
    sections += [
        Listed.of(later.filter(has_message), {"late": "waiting"}, _("New messages")),
        Listed.of(later.exclude(has_message), {"late": "waiting"}, _("To be answered later")),
    ]
    return [section for section in sections if section.count]
