from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    """Commands, template tags and scheduled jobs of the whole site."""

    name = "core"

    def ready(self) -> None:
        autodiscover_modules("schedule")


class StaffAdminConfig(AdminConfig):
    """Django's admin, with the site of core/admin/site.py."""

    default_site = "core.admin.site.StaffSite"


class StaticConfig(StaticFilesConfig):
    """Static files without the plugins of CKEditor that are vulnerable (CVE-2024-43407).

    The editor does not load them, and `collectstatic` does not collect them.
    """

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "preview", "codesnippetgeshi"]
