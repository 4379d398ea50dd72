"""What one post's text asks about the site it comes from."""

from django.utils.translation import gettext as _

from core.richtext.models import Picture
from news.wordpress.addresses import Addresses
from news.wordpress.export import Export
from news.wordpress.media import UPLOADS, Pictures, is_picture
from news.wordpress.reading import Item
from news.wordpress.report import Report
from news.wordpress.shortcodes import Attachment


class OldSite:
    """Answers for the text of `item`, and takes down what could not be found."""

    def __init__(
        self, export: Export, item: Item, pictures: Pictures, addresses: Addresses, report: Report
    ) -> None:
        self.export, self.item, self.pictures = export, item, pictures
        self.addresses, self.report = addresses, report

    def picture(self, address: str, attachment: str) -> Picture | None:
        """The picture at `address`; its original, where the export knows it, goes before a copy."""
        file = self.export.attachments.get(attachment)
        picture = self.pictures.get(file.address if file else "", self._whole(address))
        if picture is None:
            self._miss(self._whole(address))
        return picture

    def cover(self) -> tuple[Picture, str] | None:
        """The post's featured picture, and what it shows."""
        number = self.item.meta.get("_thumbnail_id", "")
        if number in {"", "0"}:
            return None
        file = self.export.attachments.get(number)
        if file is None:
            self.note(_("its cover is not in the export"))
            return None
        picture = self.pictures.get(file.address)
        if picture is None:
            self._miss(file.address)
            return None
        return picture, file.alt

    def link(self, address: str) -> str | None:
        """The new address, or None where the link stays as it is."""
        if not self.addresses.is_own(address):
            return None
        if new := self.addresses.find(address):
            return new
        if is_picture(address) and (picture := self.pictures.get(self._whole(address))):
            return str(picture.file.url)
        if UPLOADS.search(address):
            self.note(_("a linked file was not taken along: %(url)s") % {"url": address})
        else:
            self.note(_("a link leads to what was not imported: %(url)s") % {"url": address})
        return self._whole(address)

    def gallery(self, ids: list[str]) -> list[Attachment]:
        return self.export.gallery(ids, of=self.item.id)

    def note(self, reason: str) -> None:
        self.report.note(self.item.title or self.item.slug or self.item.id, reason)

    def _whole(self, address: str) -> str:
        """An address with its host, which WordPress leaves out now and then."""
        if address.startswith("/") and not address.startswith("//"):
            scheme, _colon, rest = self.export.site.address.partition("://")
            return f"{scheme}://{rest.partition('/')[0]}{address}"
        return address

    def _miss(self, address: str) -> None:
        reason = {"url": address or "–", "why": self.pictures.why(address)}
        self.note(_("picture left out: %(url)s (%(why)s)") % reason)
