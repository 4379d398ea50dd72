"""Erases personal data in many inquiries, or deletes the inquiries."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from inquiries.models import Inquiry
from inquiries.personal_data.lookup import emails_about
from inquiries.services import erase_inquiry

BATCH_SIZE = 100  # inquiries


def erase_inquiries(
    inquiries: QuerySet[Inquiry], *, by: User | None, close_open: bool = False
) -> int:
    """Erase the personal data of inquiries and the e-mails about them; return the number.

    Inquiries that were erased before are skipped. `erase_inquiry` documents what remains.

    Open inquiries become lost; without `close_open`, they raise ValidationError before anything is
    erased.
    """
    if not close_open and inquiries.filter(status__in=Inquiry.OPEN).exists():
        raise ValidationError(_("Some of these inquiries are still open."))

    def erase(batch: list[Inquiry]) -> None:
        for inquiry in batch:
            erase_inquiry(inquiry, by=by)

    return _in_batches(inquiries.filter(erased_at=None), erase)


def delete_inquiries(inquiries: QuerySet[Inquiry]) -> int:
    """Delete inquiries with their files and the e-mails about them; return the number."""

    def delete(batch: list[Inquiry]) -> None:
        Inquiry.objects.filter(pk__in=[inquiry.pk for inquiry in batch]).delete()

    return _in_batches(inquiries, delete)


def _in_batches(inquiries: QuerySet[Inquiry], erase_batch: Callable[[list[Inquiry]], None]) -> int:
    """Erase inquiries and the e-mails about them, in one transaction for each batch.

    E-mails that were not sent yet are deleted too. Returns the number of inquiries.
    """
    count = 0
    pks = list(inquiries.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH_SIZE):
        with transaction.atomic():
            batch = _lock(inquiries, pks[start : start + BATCH_SIZE])
            emails_about(batch).delete()
            erase_batch(batch)
            count += len(batch)
    return count


def _lock(inquiries: QuerySet[Inquiry], pks: list[int]) -> list[Inquiry]:
    """Lock these rows; return those that still match `inquiries` after locking."""
    rows = Inquiry.objects.filter(pk__in=pks).order_by("pk").select_for_update()
    list(rows.values_list("pk"))
    return list(inquiries.filter(pk__in=pks).order_by("pk"))
