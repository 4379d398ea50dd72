from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MenusConfig(AppConfig):
    """The menus of the public pages."""

    name = "core.menus"
    label = "menus"
    verbose_name = _("Menus")

    def ready(self) -> None:
        from core.menus import page_cache

        page_cache.watch_models()
