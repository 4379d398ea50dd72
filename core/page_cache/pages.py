"""A page in memory, and all pages of a process."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from contextlib import suppress
from typing import Literal

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils.http import http_date

from core.page_cache import redis
from core.page_cache.body import (
    Body,
    compress_with_brotli,
    compress_with_gzip,
    decompress_brotli,
    split,
)
from core.page_cache.counting import add_to_count, find_available_file, row_name
from core.page_cache.database import PreparedCheck
from core.page_cache.versions import recover_redis
from core.page_cache.views import Rendering

Headers = list[tuple[str, str]]
# Browsers and proxies ask each time whether the page is current.
CACHE_CONTROL = "no-cache"
CACHE_CONTROL_FOR_CDN = "public, max-age=0, s-maxage=60"
REPLACED_HEADERS = {"cache-control", "content-length", "etag", "last-modified", "vary"}
NOT_KEPT_HEADERS = {*REPLACED_HEADERS, "x-request-id"}


class UnverifiedError(Exception):
    """Neither Redis nor the database could say whether the page is current."""


class Page:
    """A rendered page, and how to find out whether it is current."""

    def __init__(
        self,
        content: bytes,
        headers: Headers,
        rendering: Rendering,
        *,
        modified_after: int = 0,
    ) -> None:
        """`modified_after` is when the page that this one replaces was modified.

        Raises ValueError if a counted page does not have one number of views.
        """
        self.tags = list(rendering.versions)
        self.version = sum(rendering.versions.values())
        self.begins_at, self.ends_at = rendering.begins_at, rendering.ends_at
        self.row = rendering.counted
        self.last_views = self.row.views if self.row else 0
        # Two versions within a second would otherwise have the same date.
        self.modified_at = max(int(time.time()), modified_after + 1)
        self.digest = hashlib.blake2b(content, digest_size=9).hexdigest()
        self._brotli = compress_with_brotli(split(content) if self.row else Body(content))
        self._gzip: Body | None = None
        self.headers: Headers = [
            *((name, value) for name, value in headers if name.lower() not in NOT_KEPT_HEADERS),
            ("Cache-Control", CACHE_CONTROL_FOR_CDN if settings.CDN else CACHE_CONTROL),
            ("Vary", "Accept-Encoding"),
            ("Last-Modified", http_date(self.modified_at)),
        ]
        self.size = 2 * len(self._brotli.fill(0)) + 4000
        self.was_used = False
        self._version_check = PreparedCheck(self.tags, self.version, None)
        self._database_check = PreparedCheck(self.tags, self.version, self.row)
        self._redis_check = redis.PreparedCheck(
            self.tags, self.version, row_name(type(self.row), self.row.pk) if self.row else None
        )

    @property
    def has_ended(self) -> bool:
        """Whether its time is over, or has not come yet again since the clock was set back."""
        return not self.begins_at <= time.time() < self.ends_at

    def check(self, views: Literal[0, 1]) -> int | None:
        """Count `views`, and return the number to show; None if the page is no longer current.

        Raises UnverifiedError.
        """
        try:
            return self._check_in_redis(views)
        except redis.UnavailableError:
            pass
        try:
            number = self._check_in_database(views)
            recover_redis()
            close_old_connections()  # this is no thread of Django, which would do that
        except DatabaseError as error:
            raise UnverifiedError from error
        if number is not None:
            self.last_views = number
        return number

    def _check_in_database(self, views: Literal[0, 1]) -> int | None:
        if self.row is None or find_available_file(type(self.row)) is None:
            return self._database_check.run(views)
        if self._version_check.run(0) is None:
            return None
        try:
            return self.row.views_with(add_to_count(self.row, views))
        except redis.UnavailableError:
            return self._database_check.run(views)

    def _check_in_redis(self, views: Literal[0, 1]) -> int | None:
        count = self._redis_check.run(views)
        if count is None or self.row is None:
            return count
        self.last_views = self.row.views_with(count)
        return self.last_views

    def count_first(self, views: Literal[0, 1]) -> int:
        """Count `views` for the reader for whom the page was rendered; return the number."""
        if self.row and views:
            try:
                self.last_views = self.row.views_with(add_to_count(self.row, 1))
            except redis.UnavailableError:
                with suppress(DatabaseError):
                    self.last_views = self._database_check.count_always()
        return self.last_views

    def body(self, encoding: str) -> Body:
        """The body in an encoding; gzip is only made when a client asks for it.

        Hardly any client wants it plain, which would take most of the memory.
        """
        if encoding == "br":
            return self._brotli
        if encoding == "":
            return decompress_brotli(self._brotli)
        if self._gzip is None:
            self._gzip = compress_with_gzip(decompress_brotli(self._brotli))
        return self._gzip

    def etag(self, views: int) -> str:
        """A weak one, since the encodings share it (RFC 9110, 8.8.3)."""
        return f'W/"{self.digest}-{views}"' if self.row else f'W/"{self.digest}"'


class PageStore:
    """The pages of a process, at most `max_size` bytes of them."""

    def __init__(self, max_size: int) -> None:
        self.max_size = max_size
        self._size = 0
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Page | None:
        page = self._pages.get(key)
        if page:
            page.was_used = True
        return page

    def add(self, key: Hashable, page: Page) -> None:
        """Keep a page. The oldest ones that were not used since the last time make room."""
        with self._lock:
            self._remove(key)
            self._pages[key] = page
            self._size += page.size
            while self._size > self.max_size and self._pages:
                oldest, candidate = next(iter(self._pages.items()))
                if candidate.was_used and not candidate.has_ended:
                    candidate.was_used = False
                    self._pages.move_to_end(oldest)
                else:
                    self._remove(oldest)

    def discard(self, key: Hashable) -> None:
        with self._lock:
            self._remove(key)

    def _remove(self, key: Hashable) -> None:
        if page := self._pages.pop(key, None):
            self._size -= page.size
