"""The log of backups in the admin, and a warning on its first page."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.admin.dashboard import dashboard_panel
from core.admin.read_only import ReadOnlyAdmin
from core.backup.models import BackupRun

LATE_AFTER = 2  # times BACKUP_EVERY


@admin.register(BackupRun)
class BackupRunAdmin(ReadOnlyAdmin):
    """What was backed up when; nothing can be changed."""

    list_display = ["started_at", "ended_at", "archive", "file_size", "is_verified", "error"]

    @admin.display(description=_("file size"), ordering="size")
    def file_size(self, run: BackupRun) -> str:
        return filesizeformat(run.size) if run.size else ""


@dashboard_panel("admin/backup/panel.html", permission="backup.view_backuprun", order=5)
def backup_warning(request: HttpRequest) -> dict[str, Any]:
    """The last backup if it failed, or that none succeeded for too long."""
    last = BackupRun.objects.exclude(ended_at=None).first()
    oldest = timezone.now() - timedelta(hours=settings.BACKUP_EVERY * LATE_AFTER)
    is_late = (
        settings.BACKUP_EVERY
        and BackupRun.objects.filter(started_at__lt=oldest).exists()
        and not BackupRun.objects.succeeded().filter(started_at__gte=oldest).exists()
    )
    return {"failed_backup": last if last and last.error else None, "backup_is_late": is_late}
