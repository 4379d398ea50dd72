"""Who else has the form of an article open. Kept in the cache alone: without one, nobody knows."""

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.core.cache import cache

from core.accounts import name_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from news.models import Article

MINUTES = 10

logger = logging.getLogger(__name__)


def come(article: "Article", user: "User") -> list[str]:
    """Note that `user` opened the form; the names of the others who did in the last minutes."""
    now = datetime.now(UTC).timestamp()
    name = name_of(user)
    try:
        there = _recent(cache.get(_key(article), {}), now)
        others = [other for pk, (other, _at) in there.items() if pk != user.pk]
        cache.set(_key(article), {**there, user.pk: (name, now)}, MINUTES * 60)
    except Exception:  # whatever a cache that is away raises: the form works without it
        logger.warning("It is not known who else edits: the cache cannot be reached.")
        return []
    return sorted(others)


def leave(article: "Article", user: "User") -> None:
    """Note that `user` is done."""
    try:
        there = dict(cache.get(_key(article), {}))
        there.pop(user.pk, None)
        cache.set(_key(article), there, MINUTES * 60)
    except Exception:
        logger.warning("It is not known who else edits: the cache cannot be reached.")


def _key(article: "Article") -> str:
    return f"news.editing.{article.pk}"


def _recent(there: dict[int, tuple[str, float]], now: float) -> dict[int, tuple[str, float]]:
    return {pk: (name, at) for pk, (name, at) in there.items() if now - at < MINUTES * 60}
