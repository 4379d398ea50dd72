"""The regular work of the page cache."""

from contextlib import suppress

from core.page_cache import redis
from core.page_cache.counting import store_counts
from core.page_cache.versions import delete_old_changes, publish_pending, recover_redis
from core.worker.schedule import every


@every(seconds=5)
def exchange() -> None:
    """Add the counted views to the database, and tell Redis of changes that it missed."""
    recover_redis()
    if redis.is_configured():
        publish_pending()
    with suppress(redis.UnavailableError):
        store_counts()


@every(minutes=1)
def delete_changes() -> None:
    """Delete the changes from before the oldest page that a process may keep."""
    delete_old_changes()
