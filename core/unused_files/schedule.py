"""The regular deletion of unused files."""

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from core.unused_files import services
from core.unused_files.models import CleanupRun
from core.worker.schedule import every

INTERVAL = timedelta(days=1)
LOG_LIFETIME = timedelta(days=366)

every(days=1, limit=timedelta(hours=1))(services.delete_incomplete_files)


@every(hours=1, limit=timedelta(hours=6))
def delete_unused_files() -> None:
    """Delete unused files once a day, unless UNUSED_FILE_RETENTION is 0."""
    now = timezone.now()
    # A run of the future is from before the clock was set back.
    is_done = CleanupRun.objects.filter(started_at__gt=now - INTERVAL, started_at__lte=now).exists()
    if settings.UNUSED_FILE_RETENTION and not is_done:
        CleanupRun.objects.filter(started_at__lt=now - LOG_LIFETIME).delete()
        with suppress(services.StoppingError):  # and the next worker starts again
            services.delete_unused_files()
