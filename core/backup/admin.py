"""The log of backups in the admin."""

from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from core.admin.read_only import ReadOnlyAdmin
from core.backup.models import BackupRun


@admin.register(BackupRun)
class BackupRunAdmin(ReadOnlyAdmin):
    """What was backed up when; nothing can be changed."""

    list_display = ["started_at", "ended_at", "archive", "file_size", "is_verified", "error"]

    @admin.display(description=_("file size"), ordering="size")
    def file_size(self, run: BackupRun) -> str:
        return filesizeformat(run.size) if run.size else ""
