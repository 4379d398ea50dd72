"""Transactions that the services share."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from inquiries.models import Inquiry, InquiryEvent

BUYER_LOCKS = 4021  # the first of the two numbers of an advisory lock


def lock_buyer(email: str) -> None:
    """Make other transactions for this buyer wait until the present one ends.

    SQLite needs no lock, since it has one writing transaction at a time.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, hashtext(lower(%s)))", [BUYER_LOCKS, email]
            )


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
