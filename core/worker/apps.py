from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkerConfig(AppConfig):
    """The background worker, and when its jobs ran."""

    name = "core.worker"
    label = "worker"
    verbose_name = _("Worker")
