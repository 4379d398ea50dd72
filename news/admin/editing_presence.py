"""Who else has the form of an article open. Stored in the cache only, and empty without one."""

import logging
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User
from django.core.cache import cache

from core.accounts import display_name
from news.models import Article

PRESENCE_TIMEOUT = timedelta(minutes=10)

logger = logging.getLogger(__name__)


def start_editing(article: Article, user: User) -> list[str]:
    """Record that `user` opened the form; returns the names of others who did so recently."""
    now = datetime.now(UTC).timestamp()
    try:
        editors = _recent(cache.get(_key(article), {}), now)
        others = [name for pk, (name, _opened_at) in editors.items() if pk != user.pk]
        _store(article, {**editors, user.pk: (display_name(user), now)})
    except Exception:  # depends on the cache's backend; the form works without it
        logger.warning("Cannot reach the cache: the current editors of the article are unknown.")
        return []
    return sorted(others)


def stop_editing(article: Article, user: User) -> None:
    """Record that `user` saved the form."""
    try:
        editors = dict(cache.get(_key(article), {}))
        editors.pop(user.pk, None)
        _store(article, editors)
    except Exception:
        logger.warning("Cannot reach the cache: the current editors of the article are unknown.")


def _store(article: Article, editors: dict[int, tuple[str, float]]) -> None:
    cache.set(_key(article), editors, PRESENCE_TIMEOUT.total_seconds())


def _key(article: Article) -> str:
    return f"news.editing.{article.pk}"


def _recent(editors: dict[int, tuple[str, float]], now: float) -> dict[int, tuple[str, float]]:
    timeout = PRESENCE_TIMEOUT.total_seconds()
    return {
        pk: (name, opened_at)
        for pk, (name, opened_at) in editors.items()
        if now - opened_at < timeout
    }
