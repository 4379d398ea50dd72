"""The signed stamp in a hidden field: when a form was shown, and which submission it belongs to."""

import json
import time
from collections.abc import Mapping
from uuid import UUID, uuid4, uuid5

from django.core import signing

SALT = "products.inquiries.stamp"


def new_stamp() -> str:
    """A random number and the current time, signed."""
    return signing.dumps([uuid4().hex, time.time()], salt=SALT)


def stamp_age(stamp: str) -> float | None:
    """The age of the stamp in seconds; None if its signature is invalid."""
    try:
        return time.time() - signing.loads(stamp, salt=SALT)[1]
    except signing.BadSignature:
        return None


def submission_key(stamp: str, data: Mapping[str, object]) -> UUID | None:
    """The idempotency key of a submission; None if the stamp's signature is invalid.

    The same form sent twice has the same key. A form that was changed before it was sent again, for
    example after going back in the browser, has another key, so that no new text is lost.
    """
    try:
        number = signing.loads(stamp, salt=SALT)[0]
    except signing.BadSignature:
        return None
    return uuid5(UUID(number), json.dumps(data, sort_keys=True, default=str))
