from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Single pages, such as a privacy notice, and redirects."""

    name = "core.pages"
    label = "pages"
    verbose_name = _("pages")

    def ready(self) -> None:
        from core.menus.targets import RowTarget, register
        from core.pages import page_cache, search  # noqa: F401 - it registers the pages
        from core.pages.models import Page

        page_cache.watch_models()
        register(RowTarget("page", _("Pages"), Page.objects.published, name_field="title"))
