"""The message that announces what will be erased. It goes to the managers."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from config import outbox

if TYPE_CHECKING:
    from products.inquiries.models import Inquiry

MOST_NAMED = 30


def announce(addresses: Sequence[str], inquiries: Sequence["Inquiry"], day: date) -> None:
    """Say how many inquiries are erased on `day`, and which; it names no buyer."""
    spam = [inquiry for inquiry in inquiries if inquiry.status == inquiry.Status.SPAM]
    others = [inquiry for inquiry in inquiries if inquiry.status != inquiry.Status.SPAM]
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "day": day,
            "count": len(others),
            "spam_count": len(spam),
            "named": others[:MOST_NAMED],
            "unnamed": max(len(others) - MOST_NAMED, 0),
            "url": settings.SITE_URL
            + reverse("admin:inquiries_inquiry_changelist")
            + "?to_be_erased=yes",
        }
        for address in addresses:
            headers = {"Auto-Submitted": "auto-generated"}
            outbox.put("inquiries/mail/erasure_for_managers", context, [address], headers)
