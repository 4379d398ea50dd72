"""The files that nothing refers to, and the log of their deletion."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnusedFile(models.Model):
    """A stored file that no row refers to, and since when that is known."""

    storage = models.CharField(max_length=10)  # as `site_storages` names it
    name = models.CharField(max_length=1024)
    unused_since = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("unused file")
        verbose_name_plural = _("unused files")
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["storage", "name"], name="unused_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.storage}/{self.name}"


class CleanupRun(models.Model):
    """One search for unused files: how many there were, and what was deleted.

    `unused` counts those that are left. Without `ended_at` it runs, or was killed.
    """

    started_at = models.DateTimeField(_("started at"), db_index=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    files = models.PositiveBigIntegerField(_("files"), default=0)
    unused = models.PositiveBigIntegerField(_("unused files"), default=0)
    deleted = models.PositiveBigIntegerField(_("deleted files"), default=0)
    deleted_bytes = models.PositiveBigIntegerField(_("deleted bytes"), default=0)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("deletion of unused files")
        verbose_name_plural = _("deletions of unused files")
        default_permissions = []
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return str(self.started_at)
