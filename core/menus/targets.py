"""What an item of a menu can lead to.

Each app registers its rows in AppConfig.ready(), so that nothing here imports an app:
`register(RowTarget("news-category", _("News categories"), Category.objects.all))`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from core.menus.models import MenuItem
from core.menus.page_cache import watch_target

Rows = dict[tuple[str, int | None], Any]


@dataclass(frozen=True)
class PageTarget:
    """A page that every site has."""

    kind: str
    name: Promise
    view_name: str

    @property
    def section(self) -> str:
        """The app whose pages belong to it; empty for a single page."""
        app, colon, _view = self.view_name.partition(":")
        return app if colon else ""


@dataclass(frozen=True)
class RowTarget:
    """Rows that have a page. `published` are those that visitors may see."""

    kind: str
    group: Promise
    published: Callable[[], QuerySet]
    name_field: str = "name"
    get_url: Callable[[Any], str] = lambda row: str(row.get_absolute_url())

    def name_in(self, language: str, row: Any) -> str:
        """The name of a row; empty if it has names in several languages but not in this one."""
        column = build_localized_fieldname(self.name_field, language)
        return str(getattr(row, column if hasattr(row, column) else self.name_field) or "")


PAGES = {
    target.kind: target
    for target in (
        PageTarget("home", _("Home"), "home"),
        PageTarget("news", _("News"), "news:list"),
        PageTarget("products", _("Products"), "products:list"),
        PageTarget("contacts", _("Contacts"), "contacts:list"),
        PageTarget("inquiry", _("Product Inquiry"), "inquiries:form"),
        PageTarget("search", _("Search"), "search"),
        PageTarget("site-index", _("Site Index"), "site-index"),
    )
}
ROWS: dict[str, RowTarget] = {}


def register(target: RowTarget) -> None:
    """Offer rows as targets; pages change with those that are in a menu."""
    ROWS[target.kind] = target
    watch_target(target.kind, target.published().model)


def find_rows(items: Iterable[MenuItem]) -> Rows:
    """The published rows that the items lead to, in one query for each kind."""
    found: Rows = {}
    items = list(items)
    for kind, target in ROWS.items():
        keys = {item.object_id for item in items if item.kind == kind}
        if keys:
            rows = target.published().filter(pk__in=keys)
            found |= {(kind, row.pk): row for row in rows}
    return found
