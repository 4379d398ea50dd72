from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffLogConfig(AppConfig):
    """The log of what staff did."""

    name = "core.staff_log"
    label = "staff_log"
    verbose_name = _("Staff log")
