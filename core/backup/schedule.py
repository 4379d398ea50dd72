"""The worker's backups."""

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from core.backup.errors import BackupError
from core.backup.models import BackupRun
from core.backup.services import make_backup
from core.worker.schedule import every

RETRY_INTERVAL = timedelta(hours=1)  # after a failure
LOG_LIFETIME = timedelta(days=366)


@every(minutes=5, limit=timedelta(hours=6))
def back_up() -> None:
    """Make a backup if BACKUP_EVERY hours have passed since the last; a failure is in the log."""
    if is_due():
        BackupRun.objects.filter(started_at__lt=timezone.now() - LOG_LIFETIME).delete()
        with suppress(BackupError):  # which is logged, and shown in the admin
            make_backup()


def is_due() -> bool:
    """Whether the last backup is BACKUP_EVERY hours old, and none was tried within an hour."""
    if not settings.BACKUP_EVERY:
        return False
    now = timezone.now()
    past = BackupRun.objects.past()
    recent = past.filter(started_at__gt=now - timedelta(hours=settings.BACKUP_EVERY))
    tried = past.filter(started_at__gt=now - RETRY_INTERVAL)
    return not (recent.succeeded().exists() or tried.exists())
