"""The log of backups."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class BackupRunQuerySet(models.QuerySet["BackupRun"]):
    def past(self) -> "BackupRunQuerySet":
        """Without the runs of the future, from before the clock was set back."""
        return self.filter(started_at__lte=timezone.now())

    def succeeded(self) -> "BackupRunQuerySet":
        return self.filter(ended_at__isnull=False, error="")

    def failed(self) -> "BackupRunQuerySet":
        return self.exclude(error="")


class BackupRun(models.Model):
    """One backup: when it was made, where it is, or why it failed."""

    started_at = models.DateTimeField(_("started at"), default=timezone.now, db_index=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    archive = models.CharField(_("archive"), max_length=255, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    is_verified = models.BooleanField(_("verified"), default=False)
    error = models.TextField(_("error"), blank=True)

    objects = BackupRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return self.archive or str(self.started_at)
