from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    """What the whole site shares: commands and template tags."""

    name = "core"

    def ready(self) -> None:
        autodiscover_modules("schedule")


class StaticConfig(StaticFilesConfig):
    """Static files without the plugins of CKEditor that have known holes (CVE-2024-43407).

    The editor does not load them; a real site does not even hold them.
    """

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "preview", "codesnippetgeshi"]
