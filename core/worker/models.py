"""When the scheduled jobs ran."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Every job runs at least once a day. Jobs of earlier versions do not run any more.
RECENT = timedelta(days=2)


class JobRunQuerySet(models.QuerySet["JobRun"]):
    """The last runs of the jobs."""

    def recent(self) -> Self:
        """The runs of the jobs that are still run."""
        # A job that is over its limit is recorded while it runs, however long that is.
        oldest = models.Value(timezone.now() - RECENT, models.DateTimeField())
        return self.filter(started_at__gt=oldest - models.F("duration"))

    def failed(self) -> Self:
        """The jobs whose last run failed."""
        return self.recent().filter(failed_at=models.F("started_at"))


class JobRun(models.Model):
    """The last run of a scheduled job, and the last one that failed: one row for each job."""

    job = models.CharField(_("job"), max_length=200, primary_key=True)
    machine = models.CharField(_("machine"), max_length=255)
    started_at = models.DateTimeField(_("started at"))
    duration = models.DurationField(_("duration"))
    failed_at = models.DateTimeField(_("failed at"), null=True)
    error = models.TextField(_("error"), blank=True)

    objects = JobRunQuerySet.as_manager()

    class Meta:
        ordering = ["job"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self) -> str:
        return self.job

    @property
    def has_failed(self) -> bool:
        """Whether the last run failed."""
        return self.failed_at == self.started_at
