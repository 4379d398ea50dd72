"""Answers that are written again and again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.validators import validate_text


class AnswerTemplate(models.Model):
    """A text to begin an answer with; its placeholders stand for what the inquiry says."""

    name = models.CharField(_("name"), max_length=100)
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Offered first for inquiries in this language; empty for all of them."),
    )
    text = models.TextField(_("text"), max_length=10_000, validators=[validate_text])
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("answer template")
        verbose_name_plural = _("answer templates")

    def __str__(self) -> str:
        return self.name
