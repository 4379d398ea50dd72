"""The export as a whole, read once before anything is saved."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _

from news.wordpress.attachments import SUFFIXES_OF, Attachment, suffix
from news.wordpress.report import ImportReport
from news.wordpress.source import UPLOADS_PATH
from news.wordpress.wxr import Item, Site, Term, UnreadableExportError, parse_export

IMPORTED_KINDS = {"post", "page"}
# Skipped without a line in the report.
IGNORED_KINDS = {
    "attachment", "nav_menu_item", "revision", "customize_changeset", "wp_block",
    "wp_global_styles", "wp_navigation", "wp_template", "wp_template_part",
}  # fmt: skip
SKIPPED_STATUSES = {"trash", "auto-draft", "inherit"}


@dataclass
class ItemSummary:
    """The part of a post or page that is stored in memory for the whole import."""

    id: str
    kind: str
    title: str
    title_has_markup: bool
    slug: str
    urls: list[str]
    categories: list[Term]
    tags: list[Term]

    @property
    def label(self) -> str:
        """Its name in the report."""
        return self.title or unquote(self.slug) or f"{self.kind} {self.id}"


@dataclass
class Export:
    path: Path
    site: Site = field(default_factory=Site)
    items: dict[str, ItemSummary] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    attachments_of: dict[str, list[Attachment]] = field(default_factory=lambda: defaultdict(list))
    reusable_blocks: dict[str, str] = field(default_factory=dict)  # HTML by id
    repair: bool = False

    @classmethod
    def scan(cls, path: Path, report: ImportReport) -> "Export":
        """Read the file once, and again if it has errors that can be repaired.

        Raises UnreadableExportError for a damaged file.
        """
        try:
            found = ImportReport()
            export = cls(path)._scan(found)
        except UnreadableExportError as error:
            try:
                found = ImportReport()
                export = cls(path, repair=True)._scan(found)
            except UnreadableExportError:
                raise error from None
            report.note(path.name, _("the file has errors, which were repaired"))
        report.rows.update(found.rows)
        return export

    def _scan(self, report: ImportReport) -> "Export":
        other_kinds: Counter[str] = Counter()
        comments = 0
        for part in parse_export(self.path, self.repair):
            if isinstance(part, Site):
                self.site = part
                continue
            comments += part.comments
            if part.kind == "attachment" and part.status != "trash":
                self._add_attachment(part)
            elif part.kind == "wp_block":
                self.reusable_blocks[part.id] = part.content
            elif part.kind not in IMPORTED_KINDS:
                other_kinds[part.kind] += part.kind not in IGNORED_KINDS
            elif part.status in SKIPPED_STATUSES:
                summary = _summarize(part)
                report.note(summary.label, _("skipped: in the trash or never saved"))
            else:
                self.items[part.id] = _summarize(part)
        for kind, number in other_kinds.items():
            if number:
                note = _("skipped: %(number)d of this type")
                report.note(kind or "–", note % {"number": number})
        if comments:
            report.note(_("comments"), _("skipped: %(number)d") % {"number": comments})
        return self

    @property
    def source(self) -> str:
        """The identifier of the old site: its URL without scheme and `www.`."""
        parts = urlsplit(self.site.url)
        return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"[:200]

    def read_items(self) -> Iterator[Item]:
        """The posts and pages to import, read from the file again, one at a time."""
        for part in parse_export(self.path, self.repair):
            if not isinstance(part, Item) or part.kind not in IMPORTED_KINDS:
                continue
            if part.status not in SKIPPED_STATUSES:
                yield part

    def find_gallery(self, kind: str, values: dict[str, str], item_id: str) -> list[Attachment]:
        """The attachments that a shortcode shows: those it names, or those of the item.

        `kind` is `gallery`, `playlist`, `audio` or `video`; the last two show only the first one.
        """
        if ids := gallery_ids(values):
            return [self.attachments[pk] for pk in ids if pk in self.attachments]
        is_video_list = kind == "playlist" and values.get("type") == "video"
        suffixes = SUFFIXES_OF["video" if is_video_list else kind]
        excluded = re.findall(r"\d+", values.get("exclude", ""))
        found = [
            attachment
            for attachment in self.attachments_of[values.get("id") or item_id]
            if suffix(attachment.url) in suffixes and attachment.id not in excluded
        ]
        found.sort(key=lambda attachment: attachment.position)
        return found[:1] if kind in {"audio", "video"} else found

    def _add_attachment(self, item: Item) -> None:
        attachment = Attachment(
            item.id,
            item.attachment_url or item.guid,
            item.meta.get("_wp_attachment_image_alt", ""),
            item.excerpt,
            item.title,
            item.link,
            _file_in_uploads(item.meta.get("_wp_attached_file", "")),
            item.order,
        )
        self.attachments[item.id] = attachment
        self.attachments_of[item.parent].append(attachment)


def _file_in_uploads(path: str) -> str:
    """A path in the folder of uploads; old versions of WordPress stored it from the root."""
    if UPLOADS_PATH.search(path):
        return UPLOADS_PATH.split(path, maxsplit=1)[1]
    return "" if path.startswith("/") else path


def gallery_ids(values: dict[str, str]) -> list[str]:
    """The ids of attachments that a shortcode with these attributes names."""
    return re.findall(r"\d+", values.get("ids") or values.get("include") or "")


def _summarize(item: Item) -> ItemSummary:
    id_urls = [f"/?p={item.id}", f"/?page_id={item.id}"]
    folder, _slash, slug = item.link.rstrip("/").rpartition("/")
    is_pretty = item.slug and slug == item.slug
    earlier_urls = [f"{folder}/{old}/" for old in item.old_slugs if old and is_pretty]
    return ItemSummary(
        item.id,
        item.kind,
        item.title,
        item.title_has_markup,
        item.slug,
        [item.link, item.guid, *id_urls, *earlier_urls],
        item.categories if item.kind == "post" else [],
        item.tags if item.kind == "post" else [],
    )
