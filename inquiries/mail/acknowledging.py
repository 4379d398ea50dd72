"""What keeps the acknowledgement from being used to mail strangers.

It goes to an address that anybody may have typed. So it repeats nothing of what was typed but the
name, and of that only what cannot be an advertisement, and few go to one buyer and from one sender.
"""

import re
import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.rate_limit import is_over_limit

if TYPE_CHECKING:
    from inquiries.models import Inquiry

HOUR, DAY = 3600, 24 * 3600  # seconds
TO_ONE_BUYER = [(3, HOUR), (8, DAY)]
FROM_ONE_SENDER = [(10, HOUR), (30, DAY)]
LONGEST_NAME = 40

MARKUP = re.compile(r"<[^>]*>?|\[[^\]]*\]?")
LINKS = re.compile(r"\S*(?:[:/\\@]|www\.|\w[.。｡]\w{2,})\S*", re.IGNORECASE)
NO_PART_OF_A_NAME = re.compile(r"[^\w\s.'’·-]|[\d_]")


def salutation(name: str) -> str:
    """What of a typed name may be repeated to whoever reads; empty where nothing is left."""
    name = unicodedata.normalize("NFKC", name)
    for pattern in (MARKUP, LINKS, NO_PART_OF_A_NAME):
        name = pattern.sub(" ", name)
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        name = name[:LONGEST_NAME].rpartition(" ")[0] or name[:LONGEST_NAME]
    return name.strip(" .-'’·")


def may_acknowledge(inquiry: "Inquiry", sender: str) -> bool:
    """Whether one more acknowledgement may go to this buyer, asked for from the address `sender`.

    How many the buyer got stands in the database, so that this holds while the cache is away.
    """
    theirs = type(inquiry).objects.asked_by(inquiry.email)
    for most, seconds in TO_ONE_BUYER:
        since = timezone.now() - timedelta(seconds=seconds)
        if theirs.filter(acknowledged_at__gt=since).count() >= most:
            return False
    return not sender or not any(
        is_over_limit(f"acknowledge-{rate[1]}", sender, rate) for rate in FROM_ONE_SENDER
    )
