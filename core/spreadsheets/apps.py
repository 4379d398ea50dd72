from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SpreadsheetsConfig(AppConfig):
    """Import and export of tables; long ones are done by the worker."""

    name = "core.spreadsheets"
    label = "spreadsheets"
    verbose_name = _("Spreadsheets")

    def ready(self) -> None:
        from core.spreadsheets import receivers  # noqa: F401 - it connects them
