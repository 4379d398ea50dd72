"""The message that announces what will be erased. It goes to the managers."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from core.absolute_urls import absolute
from inquiries.addresses import list_of
from inquiries.mail import internal

if TYPE_CHECKING:
    from inquiries.models import Inquiry

MOST_NAMED = 30


def announce(addresses: Sequence[str], inquiries: Sequence["Inquiry"], day: date) -> None:
    """Say how many inquiries are erased on `day`, and which; it names no buyer."""
    spam = [inquiry for inquiry in inquiries if inquiry.status == inquiry.Status.SPAM]
    others = [inquiry for inquiry in inquiries if inquiry.status != inquiry.Status.SPAM]
    internal.put(
        "erasure_for_managers",
        addresses,
        day=day,
        count=len(others),
        spam_count=len(spam),
        named=others[:MOST_NAMED],
        unnamed=max(len(others) - MOST_NAMED, 0),
        url=absolute(list_of(to_be_erased="yes")),
    )
