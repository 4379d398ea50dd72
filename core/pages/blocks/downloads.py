from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from core.pages.block_fields import FileField
from core.pages.block_forms import Block, Entry, line


class Download(Entry):
    translated: ClassVar = ["title"]

    title = line(_("Title"), required=True)
    file = FileField(label=_("File"), help_text=_("PDF, up to 20 MB."))


class DownloadsBlock(Block):
    label = _("Downloads")
    order = 100
    translated: ClassVar = ["heading"]
    entry = Download
    entry_label = _("Download")

    heading = line(_("Heading"))
