"""Answers that are written again and again."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from core import languages
from core.validators import validate_text
from inquiries.answering.placeholders import fill_in, validate_placeholders

if TYPE_CHECKING:
    from inquiries.models import Inquiry


class AnswerTemplateQuerySet(models.QuerySet["AnswerTemplate"]):
    """Templates, by whom they are of use to."""

    def offered_for(self, language: str) -> Self:
        """The active ones: first those in the buyer's language, then those for every language."""
        own, all_of_them = When(language=language, then=0), When(language="", then=1)
        place = Case(own, all_of_them, default=2)
        return self.filter(is_active=True).order_by(place, "name", "pk")


class AnswerTemplate(models.Model):
    """A text to begin an answer with; its placeholders stand for what the inquiry says."""

    name = models.CharField(_("name"), max_length=100)
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=languages.choices,
        blank=True,
        help_text=_("Offered first for inquiries in this language; empty for all of them."),
    )
    text = models.TextField(
        _("text"), max_length=10_000, validators=[validate_text, validate_placeholders]
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = AnswerTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("answer template")
        verbose_name_plural = _("answer templates")

    def __str__(self) -> str:
        return self.name

    def text_for(self, inquiry: "Inquiry", contact: str) -> str:
        """The text for this inquiry; `contact` is the name of who answers it."""
        return fill_in(self.text, inquiry, contact)
