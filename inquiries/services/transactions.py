"""Transactions that the services share."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, transaction

from inquiries.models import Inquiry, InquiryEvent


@contextmanager
def locked(inquiry: Inquiry) -> Iterator[None]:
    """A transaction that locks the inquiry's row and refreshes `inquiry` from it."""
    with transaction.atomic():
        inquiry.refresh_from_db(from_queryset=Inquiry.objects.select_for_update())
        yield


@contextmanager
def only_once(key: UUID | None) -> Iterator[None]:
    """A transaction that has no effect if an event with this idempotency key exists already."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        if key is None or not InquiryEvent.objects.filter(idempotency_key=key).exists():
            raise
