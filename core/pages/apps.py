from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Free-standing pages, as a privacy notice, and the addresses that lead elsewhere now."""

    name = "core.pages"
    label = "pages"
    verbose_name = _("pages")
