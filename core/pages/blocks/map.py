from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from core.pages.block_fields import PictureField
from core.pages.block_forms import Block, line, link_field, paragraph


class MapBlock(Block):
    label = _("Map")
    order = 110
    translated: ClassVar = ["heading", "text", "button"]

    heading = line(_("Heading"))
    picture = PictureField(
        label=_("Picture of the map"),
        required=False,
        help_text=_("A picture, so that nothing is loaded from another site."),
    )
    text = paragraph(_("Address or directions"))
    link = link_field(_("Link to the map"))
    button = line(_("Text of the link"), max_length=80)
