from typing import ClassVar

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.pages.block_forms import Block, line
from core.richtext.fields import RichTextFormField


class TextBlock(Block):
    label = _("Text")
    order = 10
    translated: ClassVar = ["heading", "text"]
    styles: ClassVar = ["css/richtext.css"]

    heading = line(_("Heading"))
    text = RichTextFormField(label=capfirst(_("text")), required=False)
