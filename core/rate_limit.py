"""How often one address may do something."""

import logging

from django.core.cache import cache

logger = logging.getLogger(__name__)


def is_over_limit(action: str, address: str, rate: tuple[int, int]) -> bool:
    """Count one `action` of `address`, and say whether it is more than `rate` allows.

    `rate` is how many in how many seconds; zero switches the limit off. With the cache away
    nothing is limited: to lose a customer is worse than to let spam in.
    """
    most, seconds = rate
    if not most:
        return False
    key = f"rate:{action}:{address}"
    try:
        cache.add(key, 0, timeout=seconds)
        return cache.incr(key) > most
    except ValueError:  # the count ran out between the two calls
        return False
    except Exception:  # each kind of cache has errors of its own
        logger.exception("The cache does not answer; %s is not limited.", action)
        return False
