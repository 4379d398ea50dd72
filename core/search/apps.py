from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """The search index and its page."""

    name = "core.search"
    label = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from core.search import synonyms
        from core.trigram_tables import create_trigram_tables

        synonyms.watch_models()
        post_migrate.connect(create_trigram_tables, sender=self)
