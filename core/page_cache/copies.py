"""Values that each process keeps as long as the content that they come from does not change."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from core.page_cache.versions import MAX_LIFETIME, settled_version
from core.replica import main_reads

T = TypeVar("T")


class ProcessCopy(Generic[T]):
    """What `load` returns, kept until the version of the tags changes; nobody may change the value.

    In a transaction that has changed the content, it is loaded each time.
    """

    def __init__(self, load: Callable[[], T], *tags: str) -> None:
        self.load = load
        self.tags = tags
        self._kept: tuple[int, float, T] | None = None

    def get(self) -> T:
        version, kept = settled_version(*self.tags), self._kept
        if version is None:
            return self.load()
        # A version may occur again when `delete_old_changes` has deleted its changes.
        if kept and kept[0] == version and time.monotonic() < kept[1]:
            return kept[2]
        ends_at = time.monotonic() + MAX_LIFETIME.total_seconds()
        with main_reads():  # a replica may not have the latest change yet
            value = self.load()
        self._kept = version, ends_at, value
        return value

    def clear(self) -> None:
        self._kept = None
