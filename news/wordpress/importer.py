"""Imports a WordPress export as articles, pages and redirects: all of it, or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.pages.redirects import add_redirects
from news.wordpress.export import Export
from news.wordpress.item_context import ItemContext
from news.wordpress.markup import convert_markup
from news.wordpress.pictures import PictureImporter
from news.wordpress.plan import ItemPlan, plan_items
from news.wordpress.report import ImportReport
from news.wordpress.taxonomy import TaxonomyImporter
from news.wordpress.url_map import (
    MAX_REDIRECT_LENGTH,
    UrlMap,
    is_free_for_pages,
    redirect_paths,
)
from news.wordpress.writer import ItemWriter
from news.wordpress.wxr import Item

PROGRESS_STEP = 25  # items between two lines of progress


@dataclass
class ImportOptions:
    """`author` replaces the authors in the export; `media` is a copy of wp-content/uploads.

    `download` returns the file at a URL; without it, pictures come from `media` alone. `update`
    overwrites what was imported before.
    """

    language: str
    author: str = ""
    media: Path | None = None
    download: Callable[[str], bytes] | None = None
    update: bool = False


def import_site(
    path: Path, options: ImportOptions, log: Callable[[str], None] = lambda line: None
) -> ImportReport:
    """Import the file in one transaction; `log` receives lines of progress.

    Raises UnreadableExportError for a damaged file; then nothing was saved.
    """
    report = ImportReport()
    log(_("Checking the file"))
    export = Export.scan(path, report)
    with translation.override(options.language):
        plans = plan_items(export, report)
    return _Import(export, plans, options, log, report).run()


@dataclass
class _Import:
    export: Export
    plans: dict[str, ItemPlan]
    options: ImportOptions
    log: Callable[[str], None]
    report: ImportReport
    pictures: PictureImporter = field(init=False)

    def __post_init__(self) -> None:
        self.pictures = PictureImporter(self.options.media, self.options.download)

    def run(self) -> ImportReport:
        writer = ItemWriter(self.export, self.pictures, self.options.author, self.report)
        try:
            self._import_pictures()
            with transaction.atomic(), translation.override(self.options.language):
                self._save_items(writer)
        except BaseException:  # an interrupted import leaves no files behind either
            writer.delete_covers()
            self.pictures.delete_new()
            raise
        self.report.count(_("images"), len(self.pictures.new))
        return self.report

    def _should_import(self, plan: ItemPlan) -> bool:
        """Whether the item is new, or is to be overwritten."""
        return not plan.imported or (self.options.update and not plan.was_deleted)

    def _read_items(self) -> Iterator[Item]:
        items = self.export.read_items()
        return (item for item in items if self._should_import(self.plans[item.id]))

    def _import_pictures(self) -> None:
        """Download all pictures before the transaction, which would otherwise wait for them."""
        total = sum(self._should_import(plan) for plan in self.plans.values())
        url_map, unused_report = UrlMap(self.export.site.url), ImportReport()
        for number, item in enumerate(self._read_items(), start=1):
            context = ItemContext(self.export, item, self.pictures, url_map, unused_report)
            convert_markup(item.content, item.excerpt, context)
            context.find_cover()
            if number % PROGRESS_STEP == 0 or number == total:
                count = {"done": number, "all": total, "pictures": len(self.pictures.new)}
                self.log(_("Images for %(done)d of %(all)d items: %(pictures)d new") % count)

    def _save_items(self, writer: ItemWriter) -> None:
        url_map = UrlMap(self.export.site.url)
        url_map.add([self.export.site.url], reverse("home"))
        for plan in self.plans.values():
            if not plan.was_deleted:
                url_map.add(plan.summary.urls, plan.path)
        taxonomy = TaxonomyImporter(self.export.site.categories, url_map, self.report)
        for plan in self.plans.values():
            if self._should_import(plan):  # before the texts, which link to categories and tags
                taxonomy.import_terms(plan.summary.categories, plan.summary.tags)
        for number, item in enumerate(self._read_items(), start=1):
            writer.write(item, self.plans[item.id], url_map, taxonomy)
            if number % PROGRESS_STEP == 0:
                self.log(_("Saved: %(done)d") % {"done": number})
        self._report_skipped()
        self._add_redirects(taxonomy)

    def _report_skipped(self) -> None:
        for plan in self.plans.values():
            if plan.was_deleted:
                self.report.note(plan.summary.label, _("skipped: deleted on this site"))
            elif not self._should_import(plan):
                self.report.count(_("imported before, not changed"))

    def _add_redirects(self, taxonomy: TaxonomyImporter) -> None:
        """Redirect every old path to the new one, unless this site has a page at the old path."""
        moved = [
            (old, plan.path)
            for plan in self.plans.values()
            if self._should_import(plan)
            for old in redirect_paths(plan.summary.urls)
        ]
        redirects = []
        for old, new in [*moved, *taxonomy.redirects]:
            if unquote(old) == unquote(new):
                continue
            if len(old) > MAX_REDIRECT_LENGTH:
                self.report.note(old, _("the URL is too long for a redirect"))
            elif old.startswith("/?") or is_free_for_pages(unquote(old)):
                redirects.append((old, new))
        add_redirects(redirects)
        self.report.count(_("redirects from old URLs"), len(dict(redirects)))
