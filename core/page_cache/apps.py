from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PageCacheConfig(AppConfig):
    """Pages kept in memory, and the versions of their content."""

    name = "core.page_cache"
    label = "page_cache"
    verbose_name = _("Page cache")
