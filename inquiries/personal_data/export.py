"""Exports all personal data of a buyer as a ZIP archive."""

import json
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone
from post_office.models import Email

from core.accounts import display_name
from inquiries.display.events import event_summary
from inquiries.models import Attachment, Inquiry, InquiryEvent, InquiryQuerySet
from inquiries.personal_data.lookup import emails_to

BATCH_SIZE = 100  # rows


def export_personal_data(email: str, inquiries: InquiryQuerySet | None = None) -> IO[bytes]:
    """A ZIP archive, as an open file, with all personal data of the buyer with this address.

    `inquiries` are the buyer's inquiries, if they are known already.

    `data.json` has the inquiries with all events, including the staff's notes, which the law
    includes, and the e-mails to the buyer. Times are ISO 8601 with UTC offset. `files/` has the
    attachments. Memory use does not grow with the amount of data. The caller closes the file.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115
    if inquiries is None:
        inquiries = Inquiry.objects.about_buyer(email)
    inquiries = inquiries.select_related("assigned_to").order_by("created_at", "pk")
    related = inquiries.prefetch_related("lines", "events__actor", "events__attachments")
    emails = emails_to(email).order_by("pk")
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        with archive.open("data.json", "w", force_zip64=True) as out:
            _write_list(out, b'{"inquiries": [', map(_inquiry_data, related.iterator(BATCH_SIZE)))
            _write_list(out, b'], "mail": [', map(_email_data, emails.iterator(BATCH_SIZE)))
            out.write(b"]}\n")
        attachments = Attachment.objects.filter(inquiry__in=inquiries.order_by()).order_by("pk")
        for attachment in attachments.select_related("inquiry").iterator(BATCH_SIZE):
            _add_attachment(archive, attachment)
    file.seek(0)
    return file


def _write_list(out: IO[bytes], before: bytes, values: Iterator[Any]) -> None:
    out.write(before)
    for number, value in enumerate(values):
        text = json.dumps(value, ensure_ascii=False, indent=1, default=str)
        out.write(f"{',' if number else ''}\n{text}".encode())


def _add_attachment(archive: ZipFile, attachment: Attachment) -> None:
    """Add a file in chunks; a missing or infected one is skipped and only listed in data.json."""
    if not attachment.file:
        return
    try:
        content = attachment.file.open()
    except FileNotFoundError:
        return
    path = _path(attachment.inquiry, attachment)
    with content, archive.open(path, "w", force_zip64=True) as out:
        for chunk in content.chunks():
            out.write(chunk)


def _path(inquiry: Inquiry, attachment: Attachment) -> str:
    return f"files/{inquiry.reference}-{attachment.pk}-{attachment.name}"


def _iso(moment: datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None


def _inquiry_data(inquiry: Inquiry) -> dict[str, Any]:
    """An inquiry with readable keys and values."""
    return {
        "reference": inquiry.reference,
        "received": _iso(inquiry.created_at),
        "name": inquiry.name,
        "e-mail": inquiry.email,
        "company": inquiry.company,
        "country": inquiry.country.name,
        "telephone": inquiry.phone,
        "language": inquiry.language,
        "time zone": inquiry.time_zone,
        "came from": inquiry.source_page,
        "message": inquiry.message,
        "products": [str(line) for line in inquiry.lines.all()],
        "terms of trade": dict(inquiry.terms),
        "status": inquiry.get_status_display(),
        "answered by": str(inquiry.assigned_to or ""),
        "first answer": _iso(inquiry.first_response_at),
        "erased": _iso(inquiry.erased_at),
        "events": [_event_data(event, inquiry) for event in inquiry.events.all()],
    }


def _event_data(event: InquiryEvent, inquiry: Inquiry) -> dict[str, Any]:
    return {
        "at": _iso(event.at),
        "what": event.get_kind_display(),
        "by": display_name(event.actor),
        "text": event_summary(event),
        "further text": event.quoted_text,
        "message id": event.message_id,
        "files": [_path(inquiry, attachment) for attachment in event.attachments.all()],
    }


def _email_data(email: Email) -> dict[str, Any]:
    return {
        "at": _iso(email.created),
        "to": ", ".join(email.to),
        "subject": email.subject,
        "text": email.message,
    }
