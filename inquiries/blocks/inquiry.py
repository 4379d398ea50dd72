from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from core.pages.block_forms import Block, line, paragraph


class InquiryBlock(Block):
    label = _("Invitation to an inquiry")
    order = 160
    translated: ClassVar = ["heading", "text", "button"]

    heading = line(_("Heading"))
    text = paragraph(_("Text"))
    button = line(_("Button"), max_length=80)
