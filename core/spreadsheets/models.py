"""Exports and imports that the worker does."""

from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from core.storage import private_storage

LIFETIME = timedelta(days=3)
CLAIM_DURATION = timedelta(minutes=2)  # longer than the work between two reports of progress


def random_name(job: "SpreadsheetJob", name: str) -> str:
    """A random file name, since `name` may be typed by anyone."""
    return str(PurePosixPath("spreadsheets", get_random_string(32)))


def expiry() -> datetime:
    return timezone.now() + LIFETIME


class SpreadsheetJobQuerySet(models.QuerySet["SpreadsheetJob"]):
    def of(self, user: object, model: type[models.Model]) -> Self:
        """The jobs of a user for a table, the newest first."""
        content_type = ContentType.objects.get_for_model(model)
        return self.filter(user=user, content_type=content_type).order_by("-pk")

    def unfinished(self) -> Self:
        return self.filter(state__in=SpreadsheetJob.UNFINISHED)

    def unfinished_or_failed(self) -> Self:
        """What may need attention, the newest first."""
        states = (*SpreadsheetJob.UNFINISHED, SpreadsheetJob.State.FAILED)
        return self.filter(state__in=states).order_by("-pk")

    def ready(self) -> Self:
        """The jobs that a worker can take, in order: of a worker that has been killed as well.

        A claim of the far future is from before the clock was set back.
        """
        now = timezone.now()
        is_claimed = models.Q(claimed_until__gt=now, claimed_until__lt=now + 2 * CLAIM_DURATION)
        is_abandoned = models.Q(state=SpreadsheetJob.State.RUNNING) & ~is_claimed
        is_waiting = models.Q(state=SpreadsheetJob.State.WAITING)
        return self.filter(is_abandoned | is_waiting, expires_at__gt=now).order_by("pk")

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now())


class SpreadsheetJob(models.Model):
    """A long export, or a long import that is checked first, and how far it is.

    `options` are those of core/spreadsheets/exporting.py or of the form of an import. `report` is
    what an import found, as its `Report` makes it.
    """

    class Kind(models.TextChoices):
        EXPORT = "export", _("export")
        CHECK = "check", _("check of an import")
        IMPORT = "import", _("import")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    UNFINISHED = (State.WAITING, State.RUNNING)

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    options = models.JSONField(default=dict)
    language = models.CharField(max_length=10)
    time_zone = models.CharField(max_length=50)
    file = models.FileField(_("file"), storage=private_storage, upload_to=random_name, blank=True)
    file_name = models.CharField(_("name"), max_length=255)
    rows = models.PositiveIntegerField(null=True)
    rows_done = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(default=expiry, db_index=True)

    objects = SpreadsheetJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("export or import")
        verbose_name_plural = _("exports and imports")
        indexes = [models.Index("state", name="spreadsheet_job_state")]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """The page that shows the progress and the result."""
        names = (self.content_type.app_label, self.content_type.model)
        return reverse("admin:{}_{}_spreadsheet_job".format(*names), args=[self.pk])

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def is_export(self) -> bool:
        return self.kind == self.Kind.EXPORT

    @property
    def can_be_downloaded(self) -> bool:
        return self.is_export and self.is_done and bool(self.file)

    @property
    def can_be_confirmed(self) -> bool:
        """Whether the file was checked, and can be imported."""
        is_valid = not (self.report.get("problems") or self.report.get("general_problems"))
        return self.kind == self.Kind.CHECK and self.is_done and is_valid

    def begin(self, kind: str, **fields: object) -> None:
        """Let the worker start with a part of the job, unless another request has done so."""
        now = timezone.now()
        unchanged = SpreadsheetJob.objects.filter(pk=self.pk, kind=self.kind, state=self.state)
        unchanged.update(
            kind=kind,
            state=self.State.WAITING,
            rows_done=0,
            attempts=0,
            error="",
            created_at=now,
            finished_at=None,
            expires_at=now + LIFETIME,
            **fields,
        )
