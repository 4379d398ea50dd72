"""Finds the inquiries and e-mails with personal data of a buyer."""

import re
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from post_office.models import Email

from inquiries.models import FormerReference, Inquiry, InquiryQuerySet

MAX_OTHER_BUYERS = 20


def inquiries_of_buyer(inquiry: Inquiry) -> InquiryQuerySet:
    """Every inquiry about this buyer; without an e-mail address, only the inquiry itself."""
    if inquiry.email:
        return Inquiry.objects.about_buyer(inquiry.email)
    return Inquiry.objects.filter(pk=inquiry.pk)


def other_buyers(inquiries: QuerySet[Inquiry], email: str) -> list[str]:
    """E-mail addresses of other buyers whose inquiries were merged into these.

    At most `MAX_OTHER_BUYERS`.
    """
    own = inquiries.order_by().values_list("email", flat=True)
    merged = FormerReference.objects.filter(inquiry__in=inquiries.order_by().values("pk"))
    emails = {*own.distinct(), *merged.values_list("email", flat=True).distinct()}
    others = {other for other in emails if other.lower() != email.lower()} - {""}
    return sorted(others)[:MAX_OTHER_BUYERS]


def emails_to(email: str) -> QuerySet[Email]:
    """The e-mails in the outbox to this address."""
    pattern = _any_of([email])
    return Email.objects.filter(to__iregex=pattern) if pattern else Email.objects.none()


def emails_about(inquiries: Sequence[Inquiry]) -> QuerySet[Email]:
    """The e-mails in the outbox to the buyers of these inquiries, or that mention any of them."""
    former = FormerReference.objects.filter(inquiry__in=inquiries)
    texts = [text for inquiry in inquiries for text in (inquiry.reference, inquiry.email)]
    texts += [text for row in former.values_list("reference", "email") for text in row]
    if not (pattern := _any_of(texts)):
        return Email.objects.none()
    return Email.objects.filter(
        Q(to__iregex=pattern) | Q(subject__iregex=pattern) | Q(message__iregex=pattern)
    )


def _any_of(texts: Iterable[str]) -> str:
    """A regular expression for any of these texts as a whole word or address; empty without any.

    One expression searches the outbox once for all of them. PostgreSQL and Python interpret it
    alike.
    """
    alternatives = "|".join(re.escape(text) for text in sorted(set(texts)) if text)
    return rf"(?<![\w.+%-])({alternatives})(?![\w-]|\.\w)" if alternatives else ""
