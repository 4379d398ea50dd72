"""From a WordPress export to articles, pages and redirects: all of it, or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from django.contrib.flatpages.models import FlatPage
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.pages.redirects import add_redirects
from news.models import Article, ImportedItem
from news.wordpress import addresses
from news.wordpress.addresses import Addresses
from news.wordpress.asking import OldSite
from news.wordpress.export import Export, Known
from news.wordpress.filing import Filing
from news.wordpress.markup import convert
from news.wordpress.media import Pictures
from news.wordpress.reading import Item
from news.wordpress.report import Report
from news.wordpress.writing import Writer

STEP = 25  # items between two lines of progress


@dataclass
class Options:
    language: str
    author: str = ""  # instead of those in the export
    media: Path | None = None
    fetch: Callable[[str], bytes] | None = None
    update: bool = False


@dataclass
class Plan:
    """What becomes of a post or page: `path` is its new address, `before` what it became once."""

    known: Known
    path: str
    slug: str
    before: ImportedItem | None = None

    @property
    def is_gone(self) -> bool:
        """Whether it was imported before and deleted here since."""
        return bool(self.before and not self.before.article_id and not self.before.page_id)


@dataclass
class Import:
    path: Path
    options: Options
    tell: Callable[[str], None] = lambda line: None
    report: Report = field(default_factory=Report)

    def run(self) -> Report:
        """Raises UnreadableExportError where the file is not whole; then nothing was written."""
        self.tell(_("Looking through the file"))
        export = Export.look_through(self.path, self.report)
        pictures = Pictures(self.options.media, self.options.fetch)
        with translation.override(self.options.language):
            plans = self._plan(export)
        writer = Writer(export, pictures, self.options.author, self.report)
        try:
            self._gather(export, plans, pictures)
            with transaction.atomic(), translation.override(self.options.language):
                self._write(export, plans, writer)
        except BaseException:  # an interrupted import leaves nothing behind either
            writer.forget()
            pictures.forget()
            raise
        self.report.count(_("pictures"), len(pictures.new))
        return self.report

    def _plan(self, export: Export) -> dict[str, Plan]:
        """A new address for each item, so that links to it can be written before it is."""
        items = ImportedItem.objects.filter(source=export.source)
        before = {item.key: item for item in items.select_related("article", "page")}
        plans: dict[str, Plan] = {}
        taken: set[str] = set()
        for known in export.items.values():
            make = self._plan_article if known.kind == "post" else self._plan_page
            plan = make(known, before.get(known.id), export, taken)
            taken.add(plan.path)
            plans[known.id] = plan
        return plans

    def _plan_article(
        self, known: Known, before: ImportedItem | None, export: Export, taken: set[str]
    ) -> Plan:
        if before and before.article:
            return Plan(known, before.article.get_absolute_url(), before.article.slug, before)
        address = partial(reverse, "news:article")
        slug = addresses.free(
            _slug(known, "article"),
            lambda slug: (
                address(args=[slug]) in taken or Article.objects.filter(slug=slug).exists()
            ),
        )
        return Plan(known, address(args=[slug]), slug, before)

    def _plan_page(
        self, known: Known, before: ImportedItem | None, export: Export, taken: set[str]
    ) -> Plan:
        if before and before.page:
            return Plan(known, before.page.url, "", before)
        base = Addresses(export.site.address).base
        wanted = addresses.page_path(known.addresses[0], base, _slug(known, "page"))
        path = addresses.free(
            wanted,
            lambda path: (
                f"/{path}/" in taken
                or not addresses.is_for_pages(f"/{path}/")
                or FlatPage.objects.filter(url=f"/{path}/").exists()
            ),
        )
        if path != wanted and not before:
            reason = _("its old address is in use here; it now stands at %(path)s")
            self.report.note(_title(known), reason % {"path": f"/{path}/"})
        return Plan(known, f"/{path}/", "", before)

    def _is_written(self, plan: Plan) -> bool:
        """Whether the item is to be written: it is new, or it is there and to be overwritten."""
        return not plan.before or (self.options.update and not plan.is_gone)

    def _gather(self, export: Export, plans: dict[str, Plan], pictures: Pictures) -> None:
        """Fetch and keep every picture first: the database is not held up by the network."""
        wanted = [plan for plan in plans.values() if self._is_written(plan)]
        for number, item in enumerate(self._items(export, plans), start=1):
            old = OldSite(export, item, pictures, Addresses(export.site.address), Report())
            convert(item.content, item.excerpt, old)
            old.cover()
            if number % STEP == 0 or number == len(wanted):
                count = {"done": number, "all": len(wanted), "pictures": len(pictures.new)}
                self.tell(_("Pictures of %(done)d of %(all)d: %(pictures)d new") % count)

    def _items(self, export: Export, plans: dict[str, Plan]) -> Iterator[Item]:
        return (item for item in export.contents() if self._is_written(plans[item.id]))

    def _write(self, export: Export, plans: dict[str, Plan], writer: Writer) -> None:
        new = Addresses(export.site.address)
        new.add([export.site.address], reverse("home"))
        for plan in plans.values():
            if not plan.is_gone:
                new.add(plan.known.addresses, plan.path)
        filing = Filing(export.site.categories, new, self.report)
        for plan in plans.values():
            if self._is_written(plan):  # links may lead to where they are filed
                filing.file(plan.known.categories, plan.known.tags)
        for number, item in enumerate(self._items(export, plans), start=1):
            writer.write(item, plans[item.id], new, filing)
            if number % STEP == 0:
                self.tell(_("Written: %(done)d") % {"done": number})
        self._count_kept(plans)
        self._keep_addresses(plans, filing)

    def _count_kept(self, plans: dict[str, Plan]) -> None:
        for plan in plans.values():
            if plan.is_gone:
                self.report.note(_title(plan.known), _("left out: it was deleted here"))
            elif not self._is_written(plan):
                self.report.count(_("imported before, left as they are"))

    def _keep_addresses(self, plans: dict[str, Plan], filing: Filing) -> None:
        """Redirects from every old path to the new one, where the old one leads nowhere here."""
        moved = [
            (old, plan.path)
            for plan in plans.values()
            if self._is_written(plan)
            for old in addresses.old_paths(plan.known.addresses)
        ]
        kept = []
        for old, new in [*moved, *filing.moved]:
            if unquote(old) == unquote(new):
                continue
            if len(old) > addresses.REDIRECT_LENGTH:
                self.report.note(old, _("this address is too long to lead on from"))
            elif old.startswith("/?") or addresses.is_for_pages(unquote(old)):
                kept.append((old, new))
        add_redirects(kept)
        self.report.count(_("old addresses that lead on"), len(dict(kept)))


def _slug(known: Known, otherwise: str) -> str:
    return addresses.latin(known.slug) or addresses.latin(known.title) or otherwise


def _title(known: Known) -> str:
    return known.title or known.slug or f"{known.kind} {known.id}"
