"""What an export holds as a whole: looked through once, before anything is written."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from news.wordpress.reading import Item, Site, Term, read
from news.wordpress.report import Report
from news.wordpress.shortcodes import Attachment

IMPORTED = {"post", "page"}
# Of these nothing is to be told: they hold what this site has no use for.
SILENT = {"attachment", "nav_menu_item", "revision", "customize_changeset", "wp_global_styles"}
DROPPED = {"trash", "auto-draft", "inherit"}


@dataclass
class Known:
    """The little of a post or page that is held in memory while all of them are gone through."""

    id: str
    kind: str
    title: str
    slug: str
    addresses: list[str]
    categories: list[Term]
    tags: list[Term]


@dataclass
class Export:
    path: Path
    site: Site = field(default_factory=Site)
    items: dict[str, Known] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    attached: dict[str, list[Attachment]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def look_through(cls, path: Path, report: Report) -> "Export":
        """Raises UnreadableExportError for a file that is not whole."""
        export = cls(path)
        others: Counter[str] = Counter()
        comments = 0
        for part in read(path):
            if isinstance(part, Site):
                export.site = part
                continue
            if part.kind == "attachment":
                export._attach(part)
            elif part.kind not in IMPORTED:
                others[part.kind] += part.kind not in SILENT
            elif part.status in DROPPED:
                report.note(_name(part), _("left out: it is in the bin or was never saved"))
            else:
                comments += part.comments
                export._know(part)
        for kind, number in others.items():
            if number:
                report.note(kind, _("left out: %(number)d of this kind") % {"number": number})
        if comments:
            report.note(_("comments"), _("left out: %(number)d of them") % {"number": comments})
        return export

    @property
    def source(self) -> str:
        """By what the old site is known: its address without `http://` and `www.`."""
        parts = urlsplit(self.site.address)
        return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"[:200]

    def contents(self) -> Iterator[Item]:
        """The posts and pages to import, read anew, one at a time."""
        for part in read(self.path):
            if isinstance(part, Item) and part.kind in IMPORTED and part.status not in DROPPED:
                yield part

    def gallery(self, ids: list[str], of: str) -> list[Attachment]:
        """The attachments with these ids, or where there are none, all of the post `of`."""
        if not ids:
            return self.attached[of]
        return [self.attachments[number] for number in ids if number in self.attachments]

    def _attach(self, item: Item) -> None:
        alt = item.meta.get("_wp_attachment_image_alt", "")
        file = Attachment(item.id, item.attachment or item.guid, alt, item.excerpt)
        self.attachments[item.id] = file
        self.attached[item.parent].append(file)

    def _know(self, item: Item) -> None:
        numbers = [f"/?p={item.id}", f"/?page_id={item.id}"]
        self.items[item.id] = Known(
            item.id,
            item.kind,
            item.title,
            item.slug,
            [item.link, item.guid, *numbers],
            item.categories if item.kind == "post" else [],
            item.tags if item.kind == "post" else [],
        )


def _name(item: Item) -> str:
    return item.title or item.slug or f"{item.kind} {item.id}"
