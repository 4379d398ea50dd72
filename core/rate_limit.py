"""How often one sender may do something."""

import logging

from django.core.cache import cache

logger = logging.getLogger(__name__)


def is_over_limit(action: str, sender: str, rate: tuple[int, int]) -> bool:
    """Count one `action` of `sender` and return whether it exceeds `rate`.

    `sender` is an IP or e-mail address; `rate` is a number of actions and a period in seconds,
    where 0 actions switch the limit off. Without a working cache nothing is limited, because
    losing a customer is worse than receiving spam.
    """
    limit, seconds = rate
    if not limit:
        return False
    key = f"rate:{action}:{sender}"
    try:
        is_first = cache.add(key, 1, timeout=seconds)
        return not is_first and cache.incr(key) > limit
    except ValueError:  # the count expired between the two calls
        return False
    except Exception:  # each cache backend raises its own errors
        logger.exception("Cache unavailable; %s is not limited.", action)
        return False
