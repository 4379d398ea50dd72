"""What is kept of a person: handed out to them, or erased, on their request (GDPR, 15 and 17).

It stands in the inquiries of their e-mail address, with lines, events and files, and in the outbox,
as mail to them or about them. It does not stand elsewhere: the admin's log names an inquiry by its
reference and the fields that were changed, not what stood in them; a session holds products and
quantities; the cache holds an e-mail address within the name of a counter, for a day at most;
versions are kept of articles alone; django-axes keeps log-ins of the staff. Backups, the logs of
servers, and the mailbox that replies are fetched from are the operator's.
"""

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from post_office.models import Email

from core.accounts import display_name
from inquiries.display.events import event_summary
from inquiries.models import Attachment, FormerReference, Inquiry, InquiryEvent, InquiryQuerySet
from inquiries.services import erase_inquiry

AT_ONCE = 100  # rows
MOST_OTHERS = 20


def inquiries_of(email: str) -> InquiryQuerySet:
    """Every inquiry that holds something of this person, whatever it was joined with."""
    asked = Inquiry.objects.from_buyer(email).order_by().values("pk")
    joined = FormerReference.objects.from_buyer(email).order_by().values("inquiry")
    # A union, as no database looks up the two sides of an `or` by their indexes here.
    return Inquiry.objects.filter(pk__in=asked.union(joined))


def others_in(inquiries: QuerySet[Inquiry], email: str) -> list[str]:
    """The addresses of other buyers whose inquiries were joined with these; at most `MOST_OTHERS`.

    What is handed out or erased of the one is theirs as well.
    """
    own = inquiries.order_by().values_list("email", flat=True)
    joined = FormerReference.objects.filter(inquiry__in=inquiries.order_by().values("pk"))
    addresses = {*own.distinct(), *joined.values_list("email", flat=True).distinct()}
    others = {address for address in addresses if address.lower() != email.lower()} - {""}
    return sorted(others)[:MOST_OTHERS]


def erase(inquiries: QuerySet[Inquiry], by: User | None, give_up: bool = False) -> int:
    """Erase what tells of a person in these inquiries, and the mail to and about them.

    Reference, times, status, country, language, source, products with their quantities, terms of
    trade and the contact stay, for the statistics. What was erased before stays as it is. Returns
    how many were erased.

    Open ones are lost then: `give_up` says that this is meant. Raises ValidationError, before
    anything is erased, where it is not.
    """
    if not give_up and inquiries.filter(status__in=Inquiry.OPEN).exists():
        raise ValidationError(_("Some of these inquiries are still open."))
    count = 0
    for pks in _batches(inquiries.filter(erased_at=None)):
        with transaction.atomic():
            locked = _locked(inquiries.filter(erased_at=None), pks)
            forget_mail(locked)
            for inquiry in locked:
                erase_inquiry(inquiry, by=by)
            count += len(locked)
    return count


def delete(inquiries: QuerySet[Inquiry]) -> int:
    """Delete inquiries whole, with their files and the mail about them; returns how many."""
    count = 0
    for pks in _batches(inquiries):
        with transaction.atomic():
            locked = _locked(inquiries, pks)
            forget_mail(locked)
            Inquiry.objects.filter(pk__in=[inquiry.pk for inquiry in locked]).delete()
            count += len(locked)
    return count


def _batches(inquiries: QuerySet[Inquiry]) -> Iterator[list[int]]:
    pks = list(inquiries.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        yield pks[start : start + AT_ONCE]


def _locked(inquiries: QuerySet[Inquiry], pks: list[int]) -> list[Inquiry]:
    """Hold these rows; returns those that are among `inquiries` still, as some may have changed."""
    rows = Inquiry.objects.filter(pk__in=pks).order_by("pk").select_for_update()
    list(rows.values_list("pk"))
    return list(inquiries.filter(pk__in=pks).order_by("pk"))


def forget_mail(inquiries: Sequence[Inquiry]) -> None:
    """Delete from the outbox what goes or went to these buyers, or names them or their inquiries.

    What the outbox still holds to be sent is not sent any more.
    """
    former = FormerReference.objects.filter(inquiry__in=inquiries)
    words = [*former.values_list("reference", flat=True), *former.values_list("email", flat=True)]
    words += [word for inquiry in inquiries for word in (inquiry.reference, inquiry.email)]
    if pattern := _whole(words):
        named = Q(to__iregex=pattern) | Q(subject__iregex=pattern) | Q(message__iregex=pattern)
        Email.objects.filter(named).delete()


def _whole(words: Sequence[str]) -> str:
    """A regular expression for any of `words`, though not as a part of a longer one.

    It is one for all of them, so that the outbox is gone through once. PostgreSQL and Python read
    it alike. Empty without any word.
    """
    wanted = "|".join(re.escape(word) for word in sorted(set(words)) if word)
    return rf"(?<![\w.+%-])({wanted})(?![\w-]|\.\w)" if wanted else ""


def hand_out(email: str) -> IO[bytes]:
    """A ZIP archive, as an open file, with all that is kept of the person with this e-mail.

    `data.json` holds the inquiries with all events, the staff's notes among them, since what is
    noted about a person is theirs to read; and the mail to them. Times are in ISO 8601 with their
    distance from UTC. `files/` holds what was sent along. Nothing is held in memory but one
    inquiry and a piece of a file at a time.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115  # whoever asked for it closes it
    inquiries = inquiries_of(email).select_related("assigned_to").order_by("created_at", "pk")
    mail = Email.objects.filter(to__iregex=_whole([email])).order_by("pk")
    related = inquiries.prefetch_related("lines", "events__actor", "events__attachments")
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        with archive.open("data.json", "w", force_zip64=True) as out:
            _write_list(out, b'{"inquiries": [', map(_said, related.iterator(AT_ONCE)))
            _write_list(out, b'], "mail": [', map(_sent, mail.iterator(AT_ONCE)))
            out.write(b"]}\n")
        attachments = Attachment.objects.filter(inquiry__in=inquiries.order_by()).order_by("pk")
        for attachment in attachments.select_related("inquiry").iterator(AT_ONCE):
            _pack(archive, attachment)
    file.seek(0)
    return file


def _write_list(out: IO[bytes], before: bytes, values: Iterator[Any]) -> None:
    out.write(before)
    for number, value in enumerate(values):
        text = json.dumps(value, ensure_ascii=False, indent=1, default=str)
        out.write(f"{',' if number else ''}\n{text}".encode())


def _pack(archive: ZipFile, attachment: Attachment) -> None:
    """Copy a file piece by piece; one that the storage has lost is named in data.json alone."""
    try:
        content = attachment.file.open()
    except FileNotFoundError:
        return
    with content, archive.open(_path(attachment), "w", force_zip64=True) as out:
        for piece in content.chunks():
            out.write(piece)


def _path(attachment: Attachment) -> str:
    return f"files/{attachment.inquiry}-{attachment.pk}-{attachment.name}"


def _iso(moment: Any) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None


def _said(inquiry: Inquiry) -> dict[str, Any]:
    """An inquiry in names and words that a person can read."""
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
        "events": [_happened(event, inquiry) for event in inquiry.events.all()],
    }


def _happened(event: InquiryEvent, inquiry: Inquiry) -> dict[str, Any]:
    for attachment in event.attachments.all():
        attachment.inquiry = inquiry
    return {
        "at": _iso(event.at),
        "what": event.get_kind_display(),
        "by": display_name(event.actor),
        "text": event_summary(event),
        "further text": event.quoted_text,
        "message id": event.message_id,
        "files": [_path(attachment) for attachment in event.attachments.all()],
    }


def _sent(mail: Email) -> dict[str, Any]:
    return {
        "at": _iso(mail.created),
        "to": ", ".join(mail.to),
        "subject": mail.subject,
        "text": mail.message,
    }
