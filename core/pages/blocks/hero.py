from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from core.pages.block_fields import PictureField
from core.pages.block_forms import Block, line, link_field, paragraph


class HeroBlock(Block):
    label = _("Opening with a large picture")
    order = 5
    translated: ClassVar = ["heading", "range", "text", "button", "second_button", "caption"]

    heading = line(_("Heading"), help_text=_("Empty: the name of the company."))
    range = line(_("Line below the heading"))
    text = paragraph(_("Text"))
    button = line(_("Button"), max_length=80)
    link = link_field(_("Target of the button"))
    second_button = line(_("Second button"), max_length=80)
    second_link = link_field(_("Target of the second button"))
    picture = PictureField(label=_("Picture"), required=False)
    caption = line(_("Caption"))
    picture_link = link_field(_("Target of the picture"))
