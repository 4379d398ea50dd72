"""The sitemap: an index, and parts that list each page in every language of the site.

See https://www.sitemaps.org/protocol.html. Django's own sitemaps read all rows for the index and
for each part, and take a tenth of a millisecond for each URL.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from core.absolute_urls import absolute_url
from core.replica import replica_reads

ROWS_PER_PART = 1000
# The index has the time of the last change of those parts only in which one of these is.
RECENT_CHANGES = 1000

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


class Entry(NamedTuple):
    """A page: its path in the default language, and when it last changed, if that is known."""

    path: str
    changed_at: datetime | None = None


class Section(Protocol):
    """A kind of pages, in one part of the sitemap or several."""

    def count_parts(self) -> int: ...

    def last_changes(self) -> Mapping[int, datetime]:
        """When the parts last changed, by their numbers from 1; only those that are known."""

    def entries(self, part: int) -> Iterable[Entry]: ...


class SinglePart:
    """Few pages, all in one part."""

    def __init__(self, get_paths: Callable[[], Iterable[str]]) -> None:
        self.get_paths = get_paths

    def count_parts(self) -> int:
        return 1

    def last_changes(self) -> Mapping[int, datetime]:
        return {}

    def entries(self, part: int) -> Iterator[Entry]:
        return map(Entry, self.get_paths())


class RowsInParts:
    """The pages of rows, in parts with a range of primary keys each.

    So each part is found without reading those before it, and a new row only changes the last one.

    A page has changed at the later one of two times, whose fields are `public_since` and
    `changed_at`; there is an index for each.
    """

    def __init__(
        self,
        get_rows: Callable[[], QuerySet[Any]],
        url_name: str,
        public_since: str = "",
        changed_at: str = "",
    ) -> None:
        self.get_rows = get_rows
        self.url_name = url_name
        self.public_since = public_since
        self.changed_at = changed_at

    def count_parts(self) -> int:
        rows = self.get_rows()
        keys = rows.model._default_manager.order_by("-pk").filter(self._is_public(rows))
        return _part_of(keys.values_list("pk", flat=True).first() or 1)

    def last_changes(self) -> Mapping[int, datetime]:
        if not self.public_since:
            return {}
        rows = self.get_rows()
        newest = rows.order_by(f"-{self.public_since}").values_list("pk", self.public_since)
        changed = rows.model._default_manager.order_by(f"-{self.changed_at}")
        last = changed.values_list("pk", self.changed_at, self._is_public(rows))[:RECENT_CHANGES]
        last_public = [(pk, time) for pk, time, is_public in last if is_public]
        changes: dict[int, datetime] = {}
        for pk, time in chain(newest[:RECENT_CHANGES], last_public):
            part = _part_of(pk)
            changes[part] = max(time, changes.get(part, time))
        return changes

    def entries(self, part: int) -> Iterator[Entry]:
        first = (part - 1) * ROWS_PER_PART + 1
        rows = self.get_rows()
        in_part = rows.model._default_manager.filter(pk__gte=first, pk__lt=first + ROWS_PER_PART)
        public = in_part.filter(self._is_public(rows)).order_by("pk")
        fields = filter(None, (self.public_since, self.changed_at))
        for slug, *times in public.values_list("slug", *fields):
            yield Entry(reverse(self.url_name, args=[slug]), max(times, default=None))

    def _is_public(self, rows: QuerySet[Any]) -> Exists:
        """Whether a row is one of `rows`, by its key: SQLite would read all of them, and sort."""
        return Exists(rows.order_by().filter(pk=OuterRef("pk")))


def _part_of(pk: int) -> int:
    return (pk - 1) // ROWS_PER_PART + 1


@replica_reads()
def show_index(request: HttpRequest, sections: Mapping[str, Section]) -> HttpResponse:
    """The list of all parts."""
    lines = []
    for name, section in sections.items():
        url = absolute_url(reverse("sitemap", args=[name]))
        changes = section.last_changes()
        for part in range(1, section.count_parts() + 1):
            location = url if part == 1 else f"{url}?p={part}"
            lines.append(f"<sitemap><loc>{location}</loc>{_lastmod(changes.get(part))}</sitemap>")
    return _xml_response(f'<sitemapindex xmlns="{NAMESPACE}">', lines, "</sitemapindex>")


@replica_reads()
def show_part(request: HttpRequest, sections: Mapping[str, Section], section: str) -> HttpResponse:
    """The part `?p=` of a section; 404 for an unknown section or part."""
    number = request.GET.get("p", "1")
    if section not in sections or not number.isdecimal() or len(number) > 9 or not int(number):
        raise Http404
    found = sections[section]
    if int(number) > 1 and int(number) > found.count_parts():
        raise Http404
    with translation.override(settings.LANGUAGE_CODE):
        lines = [line for entry in found.entries(int(number)) for line in _urls(entry)]
    return _xml_response(f'<urlset xmlns="{NAMESPACE}" xmlns:xhtml="{XHTML}">', lines, "</urlset>")


def _urls(entry: Entry) -> Iterator[str]:
    """The page in each language; each names all of them."""
    urls = {
        code: escape(absolute_url(prefix + entry.path))
        for code, prefix in _language_prefixes().items()
    }
    alternates = {**urls, "x-default": urls[settings.LANGUAGE_CODE]}
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{url}"/>'
        for code, url in alternates.items()
    )
    lastmod = _lastmod(entry.changed_at)
    for url in urls.values():
        yield f"<url><loc>{url}</loc>{lastmod}{links}</url>"


def _language_prefixes() -> dict[str, str]:
    """What precedes the path of a page in each language: nothing in the default one."""
    return {
        code: "" if code == settings.LANGUAGE_CODE else f"/{code}" for code, _ in settings.LANGUAGES
    }


def _lastmod(changed_at: datetime | None) -> str:
    return f"<lastmod>{changed_at.isoformat(timespec='seconds')}</lastmod>" if changed_at else ""


def _xml_response(start: str, lines: Iterable[str], end: str) -> HttpResponse:
    xml = "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', start, *lines, end])
    headers = {"X-Robots-Tag": "noindex, noodp, noarchive"}
    return HttpResponse(xml, content_type="application/xml", headers=headers)
