"""What the conversion of a post or page needs from the export."""

from django.utils.translation import gettext as _

from core.richtext.models import Picture
from news.wordpress.export import Export
from news.wordpress.pictures import UPLOADS_PATH, PictureImporter, is_picture_url
from news.wordpress.report import ImportReport
from news.wordpress.shortcodes import Attachment
from news.wordpress.url_map import UrlMap
from news.wordpress.wxr import Item


class ItemContext:
    """Finds the pictures and links of `item`, and reports what is missing."""

    def __init__(
        self,
        export: Export,
        item: Item,
        pictures: PictureImporter,
        url_map: UrlMap,
        report: ImportReport,
    ) -> None:
        self.export, self.item, self.pictures = export, item, pictures
        self.url_map, self.report = url_map, report

    def find_picture(self, url: str, attachment_id: str) -> Picture | None:
        """The picture at `url`, or preferably its original if the export has the attachment."""
        attachment = self.export.attachments.get(attachment_id)
        picture = self.pictures.get(attachment.url if attachment else "", self._absolute(url))
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
        picture = self.pictures.get(attachment.url)
        if picture is None:
            self._report_missing_picture(attachment.url)
            return None
        return picture, attachment.alt

    def find_link(self, url: str) -> str | None:
        """The new URL of a link, or None if the link stays as it is."""
        if not self.url_map.is_internal(url):
            return None
        if path := self.url_map.find(url):
            return path
        if is_picture_url(url) and (picture := self.pictures.get(self._absolute(url))):
            return str(picture.file.url)
        if UPLOADS_PATH.search(url):
            self.note(_("linked file not imported: %(url)s") % {"url": url})
        else:
            self.note(_("link to content that was not imported: %(url)s") % {"url": url})
        return self._absolute(url)

    def find_gallery(self, ids: list[str]) -> list[Attachment]:
        """The attachments with these ids, or all of the item's if there are none."""
        return self.export.find_gallery(ids, item_id=self.item.id)

    def note(self, reason: str) -> None:
        """Add a line about this item to the report."""
        self.report.note(self.item.title or self.item.slug or self.item.id, reason)

    def _absolute(self, url: str) -> str:
        """`url` with scheme and host, which WordPress sometimes omits."""
        if url.startswith("/") and not url.startswith("//"):
            scheme, _colon, rest = self.export.site.url.partition("://")
            return f"{scheme}://{rest.partition('/')[0]}{url}"
        return url

    def _report_missing_picture(self, url: str) -> None:
        reason = {"url": url or "–", "why": self.pictures.missing_reason(url)}
        self.note(_("image skipped: %(url)s (%(why)s)") % reason)
