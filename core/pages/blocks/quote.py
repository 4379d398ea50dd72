from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from core.pages.block_fields import PictureField
from core.pages.block_forms import Block, line, paragraph


class QuoteBlock(Block):
    label = _("Quote")
    order = 140
    translated: ClassVar = ["text", "name", "role"]

    text = paragraph(_("Quote"), required=True)
    name = line(_("Name"))
    role = line(_("Position and company"))
    picture = PictureField(label=_("Picture"), required=False)
