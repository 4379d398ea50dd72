"""What the conversion of a post or page needs from the export."""

from django.utils.translation import gettext as _

from core.richtext.models import Picture
from news.wordpress.attachments import Attachment
from news.wordpress.export import Export, gallery_ids
from news.wordpress.files import FileImporter
from news.wordpress.report import ImportReport
from news.wordpress.source import UPLOADS_PATH
from news.wordpress.url_map import UrlMap
from news.wordpress.wxr import Item


class ItemContext:
    """Finds the files and links of `item`, and reports what is missing."""

    def __init__(
        self,
        export: Export,
        item: Item,
        files: FileImporter,
        url_map: UrlMap,
        report: ImportReport,
    ) -> None:
        self.export, self.item, self.files = export, item, files
        self.url_map, self.report = url_map, report

    def find_picture(self, url: str, attachment_id: str) -> Picture | None:
        """The picture at `url`, or preferably its original if the export has the attachment."""
        attachment = self.export.attachments.get(attachment_id)
        urls = [attachment.url if attachment else "", self._absolute(url)]
        picture = self.files.get_picture(*urls)
        if picture is None:
            self._report_missing_picture(self._absolute(url))
        return picture

    def find_cover(self) -> tuple[Picture, str] | None:
        """The post's featured picture and its alternative text."""
        attachment_id = self.item.meta.get("_thumbnail_id", "")
        if attachment_id in {"", "0"}:
            return None
        attachment = self.export.attachments.get(attachment_id)
        if attachment is None:
            self.note(_("cover image not included in the export"))
            return None
        picture = self.files.get_picture(attachment.url)
        if picture is None:
            self._report_missing_picture(attachment.url)
            return None
        return picture, attachment.alt

    def find_link(self, url: str) -> str | None:
        """The new URL of a link, or None if the link stays as it is."""
        if path := self.url_map.find(url):
            return path
        absolute = self._absolute(url)
        if self.files.is_own(absolute):
            if file_url := self.files.get_url(absolute):
                return file_url
            self.note(_("linked file not imported: %(url)s") % {"url": url})
            return absolute
        if not self.url_map.is_internal(url):
            return None
        if UPLOADS_PATH.search(url):
            self.note(_("linked file not imported: %(url)s") % {"url": url})
        else:
            self.note(_("link to content that was not imported: %(url)s") % {"url": url})
        return absolute

    def find_gallery(self, kind: str, values: dict[str, str]) -> list[Attachment]:
        """The attachments that a shortcode shows, such as `gallery` with its attributes."""
        found = self.export.find_gallery(kind, values, self.item.id)
        missing = len(gallery_ids(values)) - len(found)
        if missing > 0:
            note = _("[%(name)s]: files that are not included in the export: %(number)d")
            self.note(note % {"name": kind, "number": missing})
        return found

    def find_block(self, block_id: str) -> str | None:
        """The content of a reusable block."""
        return self.export.reusable_blocks.get(block_id)

    def note(self, reason: str) -> None:
        """Add a line about this item to the report."""
        self.report.note(self.export.items[self.item.id].label, reason)

    def _absolute(self, url: str) -> str:
        """`url` with scheme and host, which WordPress sometimes omits."""
        if url.startswith("/") and not url.startswith("//"):
            scheme, _colon, rest = self.export.site.url.partition("://")
            return f"{scheme}://{rest.partition('/')[0]}{url}"
        return url

    def _report_missing_picture(self, url: str) -> None:
        reason = {"url": url or "–", "why": self.files.pictures.missing_reason(url)}
        self.note(_("image skipped: %(url)s (%(why)s)") % reason)
