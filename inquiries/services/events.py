"""Recording what happens to an inquiry."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from core.staff_log.models import StaffAction
from core.staff_log.services import log_action
from inquiries.files import PICTURE_KINDS, PreparedFile
from inquiries.models import Attachment, Inquiry, InquiryEvent

logger = logging.getLogger(__name__)


@transaction.atomic(savepoint=False)
def record_event(
    inquiry: Inquiry,
    kind: str,
    *,
    by: User | None = None,
    text: str = "",
    data: Mapping[str, Any] | None = None,
    files: Iterable[PreparedFile] = (),
    at: datetime | None = None,
    key: UUID | None = None,
    message_id: str = "",
    quoted_text: str = "",
) -> InquiryEvent:
    """Add an event to the timeline, with the files that were sent with it.

    `by` is None for the buyer and for the site itself. `data` has the shape that `InquiryEvent`
    documents for the kind. `key` is the idempotency key; `message_id` and `quoted_text` are those
    of an e-mail.
    """
    event = make_event(
        inquiry,
        kind,
        by=by,
        text=text,
        data=data,
        at=at,
        key=key,
        message_id=message_id,
        quoted_text=quoted_text,
    )
    event.save()
    attach_files(event, files)
    log_event(event)
    return event


def make_event(
    inquiry: Inquiry,
    kind: str,
    *,
    by: User | None = None,
    text: str = "",
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    key: UUID | None = None,
    message_id: str = "",
    quoted_text: str = "",
) -> InquiryEvent:
    """The event that `record_event` saves, unsaved."""
    return InquiryEvent(
        inquiry=inquiry,
        kind=kind,
        actor=by,
        at=at or timezone.now(),
        text=text,
        data=dict(data or {}),
        idempotency_key=key,
        message_id=message_id,
        quoted_text=quoted_text,
    )


def log_event(event: InquiryEvent) -> None:
    """Write the event to the staff log, without its texts, if a member of staff caused it."""
    if event.actor:
        label = InquiryEvent.Kind(event.kind).label
        log_action(StaffAction.Kind.CHANGED, event.inquiry, by=event.actor, message=label)


def attach_files(event: InquiryEvent, files: Iterable[PreparedFile]) -> None:
    """Store the files that were sent with a saved event.

    What a buyer wrote is not lost for a file that cannot be stored: the event notes their number.
    Raises OSError for a file of the staff, who can send it again.
    """
    lost = 0
    for file in files:
        attachment = Attachment(
            event=event,
            inquiry=event.inquiry,
            name=file.name,
            kind=file.kind,
            size=file.size,
            needs_preview=file.kind in PICTURE_KINDS,
            scan=file.scan,
        )
        try:
            attachment.file.save(file.name, File(file.content), save=False)
            attachment.save()
        except OSError:
            if event.actor:
                raise
            logger.exception("A file of inquiry %s cannot be stored.", event.inquiry.reference)
            lost += 1
    if lost:
        event.data["lost_files"] = lost
        event.save(update_fields=["data"])
