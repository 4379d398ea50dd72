"""How often one sender may do something."""

import logging
from collections.abc import Sequence

from django.core.cache import cache

from core.page_cache import redis

logger = logging.getLogger(__name__)

Rate = tuple[int, int]  # a number of actions and a period in seconds; 0 actions switch it off

# Adds one to each count up to the first that is over its limit; returns whether there is one.
# ARGV: pairs of the limit and the seconds after which the count begins again.
COUNT_UP_TO_LIMIT = """
for i = 1, #KEYS do
    local count = redis.call('INCR', KEYS[i])
    if count == 1 then redis.call('EXPIRE', KEYS[i], ARGV[2 * i]) end
    if count > tonumber(ARGV[2 * i - 1]) then return 1 end
end
return 0
"""


def is_over_limit(action: str, sender: str, rate: Rate) -> bool:
    """Count one `action` of `sender`, an IP or e-mail address; return whether it exceeds `rate`."""
    return is_over_any_limit([(action, sender, rate)])


def is_over_any_limit(limits: Sequence[tuple[str, str, Rate]]) -> bool:
    """Count one for each limit, up to the first that is exceeded; return whether one is.

    A limit is the name of an action, the sender, and the rate. Without a working cache nothing is
    limited, because losing a customer is worse than receiving spam.
    """
    counts = {f"rate:{action}:{sender}": rate for action, sender, rate in limits if rate[0]}
    try:
        if not redis.is_configured():
            return any(_count(key, rate) > rate[0] for key, rate in counts.items())
        keys = [cache.make_key(key) for key in counts]
        numbers = [number for rate in counts.values() for number in rate]
        return bool(keys and redis.run_script(COUNT_UP_TO_LIMIT, keys, *numbers))
    except Exception:  # each cache backend raises its own errors
        logger.exception("Cache unavailable; %s is not limited.", ", ".join(counts))
        return False


def _count(key: str, rate: Rate) -> int:
    """Add one and return the count, which is kept for the period of the rate."""
    try:
        return 1 if cache.add(key, 1, timeout=rate[1]) else cache.incr(key)
    except ValueError:  # the count expired between the two calls
        return 1
