from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from core.pages.block_forms import Block, Entry, line, paragraph


class Question(Entry):
    translated: ClassVar = ["question", "answer"]

    question = line(_("Question"), max_length=300, required=True)
    answer = paragraph(_("Answer"), max_length=5000, rows=4, required=True)


class FaqBlock(Block):
    label = _("Questions and answers")
    order = 70
    translated: ClassVar = ["heading"]
    entry = Question
    entry_label = _("Question")

    heading = line(_("Heading"))
