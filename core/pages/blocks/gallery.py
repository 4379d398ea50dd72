from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from core.pages.block_fields import PictureField
from core.pages.block_forms import Block, Entry, line


class GalleryPicture(Entry):
    translated: ClassVar = ["caption"]

    picture = PictureField(label=_("Picture"))
    caption = line(_("Caption"))


class GalleryBlock(Block):
    label = _("Gallery")
    order = 30
    translated: ClassVar = ["heading"]
    entry = GalleryPicture
    entry_label = _("Picture")

    heading = line(_("Heading"))
