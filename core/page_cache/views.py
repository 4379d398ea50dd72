"""`@cached_page`, the decorator of views whose pages are kept, and what those views can say."""

import math
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from core.http import counts_as_page_view
from core.page_cache.body import SLOT
from core.page_cache.counting import count_view, read_views
from core.page_cache.models import CountedModel
from core.page_cache.versions import EVERY_PAGE, MAX_LIFETIME, current_versions
from core.replica import main_reads

RENDERING = "tradepost.rendering"  # the key of the `Rendering` in `request.META`


class NextChange:
    """The next time at which content changes by itself, such as a publish time.

    `find` reads it from the database. It is remembered until then, or until the content behind
    `tag` changes.
    """

    def __init__(self, tag: str, find: Callable[[], datetime | None]) -> None:
        self.tag = tag
        self._find = find
        self._found: tuple[int, float, float] | None = None  # version, time of the search, result

    def get(self, version: int) -> float:
        """The time in seconds since the epoch, infinite if there is none."""
        found, now = self._found, time.time()
        if found is None or found[0] != version or not found[1] <= now < found[2]:
            moment = self._find()
            self._found = found = version, now, moment.timestamp() if moment else math.inf
        return found[2]


@dataclass(frozen=True)
class PageSettings:
    """The arguments of `cached_page`."""

    tags: tuple[str, ...]
    parameters: frozenset[str]
    lifetime: timedelta
    next_change: NextChange | None


@dataclass
class Rendering:
    """A page that is being rendered to be kept."""

    versions: dict[str, int] = field(default_factory=dict)
    begins_at: float = 0.0  # seconds since the epoch
    ends_at: float = 0.0
    counted: CountedModel | None = None

    def begin(self, page_settings: PageSettings, arguments: Mapping[str, Any]) -> None:
        """Note the versions of the content that the view reads next, and when the page ends."""
        tags = [tag.format(**arguments) for tag in page_settings.tags]
        seconds = page_settings.lifetime.total_seconds()
        self.begins_at = time.time()
        self.ends_at = (self.begins_at // seconds + 1) * seconds
        next_change = page_settings.next_change
        if next_change is None:
            self.versions = current_versions(tags)
        else:
            self.versions = current_versions([*tags, next_change.tag])
            self.ends_at = min(self.ends_at, next_change.get(self.versions.pop(next_change.tag)))

    def add_tags(self, tags: Collection[str]) -> None:
        self.versions |= current_versions([tag for tag in tags if tag not in self.versions])

    def end_by(self, lifetime: timedelta | None, next_change: NextChange | None) -> None:
        """End the page earlier, as the arguments of `cached_page` would."""
        if lifetime:
            seconds = lifetime.total_seconds()
            self.ends_at = min(self.ends_at, (self.begins_at // seconds + 1) * seconds)
        if next_change:
            [version] = current_versions([next_change.tag]).values()
            self.ends_at = min(self.ends_at, next_change.get(version))


def cached_page(
    *tags: str,
    parameters: Collection[str] = (),
    lifetime: timedelta = MAX_LIFETIME,
    next_change: NextChange | None = None,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Keep the pages of a view for anonymous visitors.

    `tags` name the content that it shows; `{slug}` in them stands for that argument of the URL. Of
    the query string, only `parameters` reach the view, with anything after a colon: `min:weight`. A
    page ends when its `lifetime` does, which divides an hour, counted from the full hour, and
    earlier at the `next_change`.
    """
    page_settings = PageSettings((EVERY_PAGE, *tags), frozenset(parameters), lifetime, next_change)

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def keep(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if RENDERING in request.META:
                with main_reads():  # a replica may not have the latest change yet
                    return view(request, *args, **kwargs)
            response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True, no_cache=True)
            return response

        decorated: Any = keep
        decorated.page_settings = page_settings
        return keep

    return decorate


def depend_on(
    request: HttpRequest,
    *tags: str,
    lifetime: timedelta | None = None,
    next_change: NextChange | None = None,
) -> None:
    """Add what only the view knows; called before the view reads the content of these tags."""
    if rendering := request.META.get(RENDERING):
        rendering.add_tags(tags)
        rendering.end_by(lifetime, next_change)


def views_to_show(request: HttpRequest, row: CountedModel) -> int | str:
    """The number of views of `row` for its page, this one included if a person makes it.

    If the page is kept, this is a placeholder for the number.
    """
    if rendering := request.META.get(RENDERING):
        rendering.counted = row
        return SLOT
    if settings.CDN or not counts_as_page_view(request):
        return read_views(row)
    return count_view(row)
