from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    """The state of the site, for those who run it."""

    name = "core.operations"
    label = "operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        import_module("core.operations.checks")
