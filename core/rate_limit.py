"""How often one sender may do something."""

import logging
from collections.abc import Sequence

from django.core.cache import cache

from core.email_addresses import mailbox_of
from core.http import network_of
from core.page_cache import redis

logger = logging.getLogger(__name__)

Rate = tuple[int, int]  # a number of actions and a period in seconds; 0 actions switch it off
Limit = tuple[str, str, Rate]  # the name of an action, the sender, and the rate

# Adds one to each count up to the first that is over its limit; returns its number, or 0.
# ARGV: pairs of the limit and the seconds after which the count begins again.
COUNT_UP_TO_LIMIT = """
for i = 1, #KEYS do
    local count = redis.call('INCR', KEYS[i])
    if count == 1 then redis.call('EXPIRE', KEYS[i], ARGV[2 * i]) end
    if count > tonumber(ARGV[2 * i - 1]) then return i end
end
return 0
"""


def is_over_limit(action: str, sender: str, rate: Rate) -> bool:
    """Count one `action` of `sender`, an IP or e-mail address; return whether it exceeds `rate`."""
    return is_over_any_limit([(action, sender, rate)])


def is_over_any_limit(limits: Sequence[Limit]) -> bool:
    """Count one for each limit, up to the first that is exceeded; return whether one is."""
    return bool(first_exceeded(limits))


def first_exceeded(limits: Sequence[Limit]) -> str:
    """Count one for each limit, up to the first that is exceeded; return its action, or nothing.

    All addresses of one IPv6 network are one sender, and so are all spellings of a mailbox. Without
    a working cache nothing is limited, because losing a customer is worse than receiving spam.
    """
    limits = [limit for limit in limits if limit[2][0]]
    keys = [f"rate:{action}:{_counted(sender)}" for action, sender, _rate in limits]
    try:
        if redis.is_configured():
            numbers = [number for _action, _sender, rate in limits for number in rate]
            made = [cache.make_key(key) for key in keys]
            number = int(redis.run_script(COUNT_UP_TO_LIMIT, made, *numbers)) if made else 0
            return limits[number - 1][0] if number else ""
        for key, (action, _sender, rate) in zip(keys, limits, strict=True):
            if _count(key, rate) > rate[0]:
                return action
    except Exception:  # each cache backend raises its own errors
        logger.exception("Cache unavailable; %s is not limited.", ", ".join(keys))
    return ""


def _counted(sender: str) -> str:
    return mailbox_of(sender) if "@" in sender else network_of(sender)


def _count(key: str, rate: Rate) -> int:
    """Add one and return the count, which is kept for the period of the rate."""
    try:
        return 1 if cache.add(key, 1, timeout=rate[1]) else cache.incr(key)
    except ValueError:  # the count expired between the two calls
        return 1
