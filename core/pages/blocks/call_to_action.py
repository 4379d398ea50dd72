from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from core.pages.block_forms import Block, line, link_field, paragraph


class CallToActionBlock(Block):
    label = _("Call to action")
    order = 150
    translated: ClassVar = ["heading", "text", "button"]

    heading = line(_("Heading"), required=True)
    text = paragraph(_("Text"))
    button = line(_("Button"), max_length=80)
    link = link_field(_("Target of the button"))
