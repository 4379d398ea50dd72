from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UnusedFilesConfig(AppConfig):
    """Files that nothing refers to, and when they were deleted."""

    name = "core.unused_files"
    label = "unused_files"
    verbose_name = _("Unused files")
