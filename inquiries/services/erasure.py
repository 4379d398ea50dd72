"""Erasing a buyer's personal data (GDPR, article 17)."""

from django.contrib.auth.models import User
from django.utils import timezone

from inquiries.models import Inquiry, InquiryEvent
from inquiries.services.events import record_event
from inquiries.services.transactions import locked

Kind = InquiryEvent.Kind

ERASED_FIELDS = ["name", "email", "company", "phone", "phone_e164", "time_zone", "message"]
ERASED_FIELDS += ["source_page", "destination_port", "target_price_text"]


def erase_inquiry(inquiry: Inquiry, *, by: User | None) -> None:
    """Erase the personal data of an inquiry; does nothing if it was erased before.

    The data for the statistics remains: reference, dates, status, country, language, source,
    products with their quantities, trade terms and contact. An open inquiry becomes lost. E-mails
    in the outbox are not changed.
    """
    with locked(inquiry):
        if inquiry.erased_at:
            return
        if inquiry.status in Inquiry.OPEN:
            inquiry.status = Inquiry.Status.LOST
            record_event(inquiry, Kind.STATUS_CHANGED, by=by, data={"status": inquiry.status})
        for name in ERASED_FIELDS:
            setattr(inquiry, name, "")
        inquiry.erased_at, inquiry.erase_on = timezone.now(), None
        inquiry.save()
        inquiry.lines.update(unit="")
        inquiry.lines.filter(product=None).update(product_name="", variant="")
        inquiry.former_references.update(email="")
        inquiry.attachments.all().delete()
        personal = inquiry.events.exclude(kind__in=InquiryEvent.WITHOUT_PERSONAL_DATA)
        personal.update(text="", data={})
        inquiry.events.update(message_id="", quoted_text="")
        record_event(inquiry, Kind.ERASED, by=by)
