"""Changes to a published article that wait for approval while the old text stays online."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PendingChanges(models.Model):
    """The changed content of a published article; at most one row for each article."""

    article = models.OneToOneField(
        "news.Article",
        on_delete=models.CASCADE,
        related_name="pending_changes",
        verbose_name=_("article"),
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
        verbose_name = _("unpublished changes")
        verbose_name_plural = _("unpublished changes")
        default_permissions = []

    def __str__(self) -> str:
        return str(self.article)
