"""Imports a WordPress export as articles, pages and redirects: all of it, or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.pages.redirects import add_redirects
from news.models import ImportedItem
from news.wordpress.attachments import DOWNLOADS, PICTURES, suffix
from news.wordpress.export import Export
from news.wordpress.files import FileImporter
from news.wordpress.item_context import ItemContext
from news.wordpress.markup import convert_markup
from news.wordpress.plan import ItemPlan, plan_items
from news.wordpress.report import ImportReport
from news.wordpress.source import UPLOADS_PATH, Download, FileSource
from news.wordpress.taxonomy import TaxonomyImporter
from news.wordpress.url_map import (
    MAX_REDIRECT_LENGTH,
    UrlMap,
    encode_path,
    is_free_for_redirects,
    redirect_paths,
)
from news.wordpress.writer import ItemWriter
from news.wordpress.wxr import Item

PROGRESS_STEP = 25  # items between two lines of progress


@dataclass
class ImportOptions:
    """`author` replaces the authors in the export; `media` is a copy of wp-content/uploads.

    `download` returns the file at a URL, up to a number of megabytes; without it, files come from
    `media` alone. `update` overwrites what was imported before.
    """

    language: str
    author: str = ""
    media: Path | None = None
    download: Download | None = None
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
    files: FileImporter = field(init=False)
    imported_files: dict[str, ImportedItem] = field(init=False)  # by the id of their attachment

    def __post_init__(self) -> None:
        attachments = self.export.attachments
        rows = ImportedItem.objects.filter(source=self.export.source).exclude(file="")
        self.imported_files = {row.key: row for row in rows if row.key in attachments}
        source = FileSource(
            self.export.site.url, attachments.values(), self.options.media, self.options.download
        )
        self.files = FileImporter(
            source, {attachments[key].url: row.file for key, row in self.imported_files.items()}
        )

    def run(self) -> ImportReport:
        writer = ItemWriter(self.export, self.files, self.options.author, self.report)
        try:
            self._import_attachments()
            self._import_pictures()
            with transaction.atomic(), translation.override(self.options.language):
                self._save_items(writer)
        except BaseException:  # an interrupted import leaves no files behind either
            writer.delete_covers()
            self.files.delete_new()
            raise
        self.report.count(_("images"), len(self.files.pictures.new))
        self.report.count(_("files to download"), len(self.files.downloads.new))
        return self.report

    def _should_import(self, plan: ItemPlan) -> bool:
        """Whether the item is new, or is to be overwritten."""
        return not plan.imported or (self.options.update and not plan.was_deleted)

    def _read_items(self) -> Iterator[Item]:
        items = self.export.read_items()
        return (item for item in items if self._should_import(self.plans[item.id]))

    def _import_attachments(self) -> None:
        """Import the files in the old site's media library, whether or not a text shows them."""
        for number, attachment in enumerate(self.export.attachments.values(), start=1):
            if not self.files.get_name(attachment.url):
                name = attachment.title or attachment.url
                self.report.note(name, self._missing_file_note(attachment.url))
            if number % PROGRESS_STEP == 0:
                count = {"done": number, "all": len(self.export.attachments)}
                self.log(_("Files: %(done)d of %(all)d") % count)

    def _missing_file_note(self, url: str) -> str:
        if suffix(url) not in PICTURES | DOWNLOADS:
            return _("file skipped: %(url)s (not an image, PDF, audio or video file)") % {
                "url": url
            }
        values = {"url": url, "why": self.files.missing_reason(url)}
        if suffix(url) in PICTURES:
            return _("image skipped: %(url)s (%(why)s)") % values
        return _("file skipped: %(url)s (%(why)s)") % values

    def _import_pictures(self) -> None:
        """Download all pictures before the transaction, which would otherwise wait for them."""
        total = sum(self._should_import(plan) for plan in self.plans.values())
        url_map, unused_report = UrlMap(self.export.site.url), ImportReport()
        for number, item in enumerate(self._read_items(), start=1):
            context = ItemContext(self.export, item, self.files, url_map, unused_report)
            convert_markup(item.content, item.excerpt, context)
            context.find_cover()
            if number % PROGRESS_STEP == 0 or number == total:
                count = {"done": number, "all": total, "pictures": len(self.files.pictures.new)}
                self.log(_("Images for %(done)d of %(all)d items: %(pictures)d new") % count)

    def _save_items(self, writer: ItemWriter) -> None:
        url_map = UrlMap(self.export.site.url)
        url_map.add([self.export.site.url], reverse("news:list" if url_map.base_path else "home"))
        for plan in self.plans.values():
            if not plan.was_deleted:
                url_map.add(plan.summary.urls, plan.path)
        self._save_attachments(url_map)
        taxonomy = TaxonomyImporter(self.export.site.categories, url_map, self.report)
        for plan in self.plans.values():
            if self._should_import(plan):  # before the texts, which link to categories and tags
                taxonomy.import_terms(plan.summary.categories, plan.summary.tags)
        for number, item in enumerate(self._read_items(), start=1):
            writer.write(item, self.plans[item.id], url_map, taxonomy)
            if number % PROGRESS_STEP == 0:
                self.log(_("Saved: %(done)d") % {"done": number})
        self._report_skipped()
        self._add_redirects(url_map, taxonomy)

    def _save_attachments(self, url_map: UrlMap) -> None:
        """Record the imported files, and let links to the pages that showed them lead to them."""
        rows = []
        for attachment in self.export.attachments.values():
            if name := self.files.get_name(attachment.url):
                urls = [attachment.link, attachment.url, f"/?attachment_id={attachment.id}"]
                url_map.add(urls, self.files.get_url(attachment.url))
                if attachment.id not in self.imported_files:
                    source = self.export.source
                    rows.append(ImportedItem(source=source, key=attachment.id, file=name))
        ImportedItem.objects.bulk_create(rows, ignore_conflicts=True)

    def _report_skipped(self) -> None:
        for plan in self.plans.values():
            if plan.was_deleted:
                self.report.note(plan.summary.label, _("skipped: deleted on this site"))
            elif not self._should_import(plan):
                self.report.count(_("imported before, not changed"))

    def _add_redirects(self, url_map: UrlMap, taxonomy: TaxonomyImporter) -> None:
        """Redirect every old path to the new one, unless this site has a page at the old path."""
        moved = [
            (old, plan.path)
            for plan in self.plans.values()
            if self._should_import(plan)
            for old in redirect_paths(plan.summary.urls)
        ]
        if url_map.base_path:
            moved.append((f"{url_map.base_path}/", reverse("news:list")))
        redirects = []
        for old, new in [*moved, *taxonomy.redirects, *self._moved_files(url_map)]:
            if unquote(old) == unquote(new):
                continue
            if max(len(old), len(new)) > MAX_REDIRECT_LENGTH:
                self.report.note(old, _("the URL is too long for a redirect"))
            elif old.startswith("/?") or is_free_for_redirects(unquote(old)):
                redirects.append((old, new))
        add_redirects(redirects)
        self.report.count(_("redirects from old URLs"), len(dict(redirects)))

    def _moved_files(self, url_map: UrlMap) -> Iterator[tuple[str, str]]:
        """The old and new path of each new file, and of the page that showed it."""
        for attachment in self.export.attachments.values():
            if attachment.id in self.imported_files or not self.files.get_name(attachment.url):
                continue
            urls = [attachment.link, f"/?attachment_id={attachment.id}", f"/?p={attachment.id}"]
            for old in redirect_paths(urls):
                yield old, self.files.get_url(attachment.url)
        for url, new in self.files.moved():
            path = unquote(urlsplit(url).path)
            if UPLOADS_PATH.search(path) and self.files.source.is_own(url):
                yield encode_path(path), new
            if name := self.files.source.attachment_files.get(url):
                yield encode_path(f"{url_map.base_path}/wp-content/uploads/{name}"), new
