from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from core.pages.block_forms import Block, Entry, line


class Number(Entry):
    translated: ClassVar = ["number", "label"]

    number = line(_("Number"), max_length=30, required=True)
    label = line(_("Label"), max_length=120)


class NumbersBlock(Block):
    label = _("Numbers")
    order = 50
    translated: ClassVar = ["heading"]
    entry = Number
    entry_label = _("Number")

    heading = line(_("Heading"))
