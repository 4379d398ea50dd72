"""The export as a whole, read once before anything is saved."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from news.wordpress.report import ImportReport
from news.wordpress.shortcodes import Attachment
from news.wordpress.wxr import Item, Site, Term, parse_export

IMPORTED_KINDS = {"post", "page"}
# Skipped without a line in the report.
IGNORED_KINDS = {
    "attachment", "nav_menu_item", "revision", "customize_changeset", "wp_global_styles",
}  # fmt: skip
SKIPPED_STATUSES = {"trash", "auto-draft", "inherit"}


@dataclass
class ItemSummary:
    """The part of a post or page that is stored in memory for the whole import."""

    id: str
    kind: str
    title: str
    slug: str
    urls: list[str]
    categories: list[Term]
    tags: list[Term]

    @property
    def label(self) -> str:
        """Its name in the report."""
        return self.title or self.slug or f"{self.kind} {self.id}"


@dataclass
class Export:
    path: Path
    site: Site = field(default_factory=Site)
    items: dict[str, ItemSummary] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    attachments_of: dict[str, list[Attachment]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def scan(cls, path: Path, report: ImportReport) -> "Export":
        """Read the file once; raises UnreadableExportError for a damaged one."""
        export = cls(path)
        other_kinds: Counter[str] = Counter()
        comments = 0
        for part in parse_export(path):
            if isinstance(part, Site):
                export.site = part
                continue
            if part.kind == "attachment":
                export._add_attachment(part)
            elif part.kind not in IMPORTED_KINDS:
                other_kinds[part.kind] += part.kind not in IGNORED_KINDS
            elif part.status in SKIPPED_STATUSES:
                summary = _summarize(part)
                report.note(summary.label, _("skipped: in the trash or never saved"))
            else:
                comments += part.comments
                export.items[part.id] = _summarize(part)
        for kind, number in other_kinds.items():
            if number:
                report.note(kind, _("skipped: %(number)d of this type") % {"number": number})
        if comments:
            report.note(_("comments"), _("skipped: %(number)d") % {"number": comments})
        return export

    @property
    def source(self) -> str:
        """The identifier of the old site: its URL without scheme and `www.`."""
        parts = urlsplit(self.site.url)
        return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"[:200]

    def read_items(self) -> Iterator[Item]:
        """The posts and pages to import, read from the file again, one at a time."""
        for part in parse_export(self.path):
            if not isinstance(part, Item) or part.kind not in IMPORTED_KINDS:
                continue
            if part.status not in SKIPPED_STATUSES:
                yield part

    def find_gallery(self, ids: list[str], item_id: str) -> list[Attachment]:
        """The attachments with these ids, or all of the item's if there are none."""
        if not ids:
            return self.attachments_of[item_id]
        return [self.attachments[pk] for pk in ids if pk in self.attachments]

    def _add_attachment(self, item: Item) -> None:
        alt = item.meta.get("_wp_attachment_image_alt", "")
        attachment = Attachment(item.id, item.attachment_url or item.guid, alt, item.excerpt)
        self.attachments[item.id] = attachment
        self.attachments_of[item.parent].append(attachment)


def _summarize(item: Item) -> ItemSummary:
    id_urls = [f"/?p={item.id}", f"/?page_id={item.id}"]
    return ItemSummary(
        item.id,
        item.kind,
        item.title,
        item.slug,
        [item.link, item.guid, *id_urls],
        item.categories if item.kind == "post" else [],
        item.tags if item.kind == "post" else [],
    )
