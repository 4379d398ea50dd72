"""Templates for frequent answers."""

from typing import Self

from django.db import models
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from core import languages
from core.validators import validate_text
from inquiries.placeholders import validate_placeholders


class AnswerTemplateQuerySet(models.QuerySet["AnswerTemplate"]):
    """Answer templates, by language."""

    def offered_for(self, language: str) -> Self:
        """The active ones: first those in `language`, then those for all languages, then others."""
        this_language, any_language = When(language=language, then=0), When(language="", then=1)
        rank = Case(this_language, any_language, default=2)
        return self.filter(is_active=True).order_by(rank, "name", "pk")


class AnswerTemplate(models.Model):
    """The beginning of an answer, with placeholders for the data of the inquiry."""

    name = models.CharField(_("name"), max_length=100)
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=languages.language_choices,
        blank=True,
        help_text=_(
            "Suggested first for inquiries in this language. Leave empty for all languages."
        ),
    )
    text = models.TextField(
        _("text"), max_length=10_000, validators=[validate_text, validate_placeholders]
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = AnswerTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")

    def __str__(self) -> str:
        return self.name
