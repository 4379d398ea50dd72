"""Changes to a published article that wait while the old text stays online."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Revision(models.Model):
    """At most one for each article; `Article.hold` writes it."""

    article = models.OneToOneField(
        "news.Article", on_delete=models.CASCADE, related_name="revision", verbose_name=_("article")
    )
    content = models.JSONField(_("content"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("saved by"),
    )
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        app_label = "news"
        verbose_name = _("waiting changes")
        verbose_name_plural = _("waiting changes")
        default_permissions = []

    def __str__(self) -> str:
        return str(self.article)
