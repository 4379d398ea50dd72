from typing import ClassVar

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.pages.block_fields import PictureField
from core.pages.block_forms import Block, line, link_field
from core.richtext.fields import RichTextFormField


class PictureTextBlock(Block):
    label = _("Picture with text")
    order = 20
    translated: ClassVar = ["heading", "text", "button"]
    styles: ClassVar = ["css/richtext.css"]

    picture = PictureField(label=_("Picture"), required=False)
    side = forms.ChoiceField(
        label=_("Picture is"),
        choices=[("start", _("before the text")), ("end", _("after the text"))],
    )
    heading = line(_("Heading"))
    text = RichTextFormField(label=capfirst(_("text")), required=False)
    button = line(_("Button"), max_length=80)
    link = link_field(_("Target of the button"))
