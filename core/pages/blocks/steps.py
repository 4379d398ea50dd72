from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from core.pages.block_fields import PictureField
from core.pages.block_forms import Block, Entry, line, paragraph


class Step(Entry):
    translated: ClassVar = ["title", "text"]

    title = line(_("Title"), required=True)
    text = paragraph(_("Text"))
    picture = PictureField(label=_("Picture"), required=False)


class StepsBlock(Block):
    label = _("Steps")
    order = 90
    translated: ClassVar = ["heading"]
    entry = Step
    entry_label = _("Step")

    heading = line(_("Heading"))
