"""The hidden stamp of a form: when the form was shown, and what tells one sending from another."""

import json
import time
from collections.abc import Mapping
from uuid import UUID, uuid4, uuid5

from django.core import signing

SALT = "products.inquiries.stamp"


def new_stamp() -> str:
    """A random number and the time, signed, for a form that is shown now."""
    return signing.dumps([uuid4().hex, time.time()], salt=SALT)


def age_of(stamp: str) -> float | None:
    """How many seconds ago the stamp was made; None for one that was not made here."""
    try:
        return time.time() - signing.loads(stamp, salt=SALT)[1]
    except signing.BadSignature:
        return None


def key_of(stamp: str, typed: Mapping[str, object]) -> UUID | None:
    """What one sending of a form is known by; None where the stamp was not made here.

    The same form sent twice has the same key. One that was changed in between, as after a step
    back in the browser, has another: nothing that a visitor adds is taken for a repetition.
    """
    try:
        number = signing.loads(stamp, salt=SALT)[0]
    except signing.BadSignature:
        return None
    return uuid5(UUID(number), json.dumps(typed, sort_keys=True, default=str))
