from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from core.pages.block_fields import PictureField
from core.pages.block_forms import Block, Entry, line, link_field


class Logo(Entry):
    translated: ClassVar = ["name"]

    picture = PictureField(label=_("Picture"))
    name = line(_("Name"))
    link = link_field(_("Link"))


class LogosBlock(Block):
    label = _("Logos and certificates")
    order = 60
    translated: ClassVar = ["heading"]
    entry = Logo
    entry_label = _("Logo or certificate")

    heading = line(_("Heading"))
