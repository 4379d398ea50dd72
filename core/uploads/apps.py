from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UploadsConfig(AppConfig):
    """Uploaded files of unfinished forms."""

    name = "core.uploads"
    label = "uploads"
    verbose_name = _("Uploads")
