"""The menus as visitors see them: in each language, what is translated and published."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import unquote

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from core.menus.models import HEADING, URL, MenuItem, Place
from core.menus.targets import PAGES, ROWS, Rows, find_rows
from core.page_cache.copies import ProcessCopy
from core.page_cache.versions import EVERY_PAGE
from core.page_urls import page_url

# What a menu has as long as it has no items.
DEFAULTS = {
    Place.MAIN: ("home", "news", "products", "contacts"),
    Place.FOOTER: (),
    Place.LEGAL: ("site-index",),
}


class Link(NamedTuple):
    """What an item is in one language; with a `problem` it is not shown there."""

    label: str = ""
    url: str = ""
    section: str = ""
    problem: str | Promise = ""


@dataclass(frozen=True)
class Entry:
    """An item as a visitor sees it; without a URL it is a heading.

    `section` is the app whose pages belong to it, `current` the value of aria-current.
    """

    label: str
    url: str
    section: str
    opens_new_tab: bool
    children: tuple["Entry", ...]
    current: str = ""

    @property
    def path(self) -> str:
        """The path of its page, as a request has it; empty for a URL that is more than a path."""
        is_path = self.url.startswith("/") and not {"?", "#"} & set(self.url)
        return unquote(self.url) if is_path else ""


class Menu:
    """The entries of a menu in one language."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self.entries = entries
        every_entry = [each for entry in entries for each in (entry, *entry.children)]
        self._paths = {entry.path for entry in every_entry} - {""}
        self._sections = {entry.section for entry in every_entry} - {""}

    def current_key(self, path: str, section: str) -> str:
        """What marks the current entry: the path of the page or else its app, if either is here."""
        if path in self._paths:
            return path
        return section if section in self._sections else ""

    def marked(self, key: str) -> tuple[Entry, ...]:
        """The entries with `current`, for a page with this key."""
        return tuple(_mark(entry, key) for entry in self.entries) if key else self.entries


def _mark(entry: Entry, key: str) -> Entry:
    children = tuple(_mark(child, key) for child in entry.children)
    if entry.path == key:
        current = "page"
    elif entry.section == key or any(child.current for child in children):
        current = "true"
    else:
        current = ""
    return replace(entry, children=children, current=current)


def default_items(place: Place) -> list[MenuItem]:
    """The items, not stored, of a menu that has none."""
    return [MenuItem(place=place, kind=kind) for kind in DEFAULTS[place]]


def find_link(item: MenuItem, rows: Rows, language: str) -> Link:
    """What the item is in a language; `rows` are those of `find_rows`."""
    label = getattr(item, build_localized_fieldname("label", language)) or ""
    with translation.override(language):
        if page := PAGES.get(item.kind):
            return Link(label or str(page.name), page_url(page.view_name), page.section)
        if item.kind in (URL, HEADING):
            problem = "" if label else _("it has no label")
            return Link(label, item.url if item.kind == URL else "", problem=problem)
        target, row = ROWS.get(item.kind), rows.get((item.kind, item.object_id))
        if target is None or row is None:
            return Link(label, problem=_("the target is deleted or not published"))
        name = target.name_in(language, row)
        problem = "" if name else _("the target is not translated")
        return Link(label or name, target.get_url(row), problem=problem)


def by_parent(items: Iterable[MenuItem]) -> dict[int | None, list[MenuItem]]:
    """The items below each item, and those of the top level below None."""
    children: dict[int | None, list[MenuItem]] = defaultdict(list)
    for item in items:
        children[item.parent_id].append(item)
    return children


def _build_entries(items: list[MenuItem], rows: Rows, language: str) -> Iterator[Entry]:
    children = by_parent(items)

    def build(item: MenuItem) -> Entry | None:
        link = find_link(item, rows, language)
        if link.problem:
            return None
        below = tuple(filter(None, map(build, children[item.pk] if item.pk else [])))
        if not link.url and not below:
            return None
        return Entry(link.label, link.url, link.section, item.open_in_new_tab, below)

    return filter(None, map(build, children[None]))


def _read_menus() -> dict[str, dict[Place, Menu]]:
    """The menus by language."""
    stored: dict[str, list[MenuItem]] = defaultdict(list)
    for item in MenuItem.objects.all():
        stored[item.place].append(item)
    items = {place: stored[place] or default_items(place) for place in Place}
    rows = find_rows(item for each in items.values() for item in each)
    return {
        language: {
            place: Menu(tuple(_build_entries(items[place], rows, language))) for place in Place
        }
        for language, _name in settings.LANGUAGES
    }


known_menus: ProcessCopy[dict[str, dict[Place, Menu]]] = ProcessCopy(_read_menus, EVERY_PAGE)
