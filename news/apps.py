from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    """Articles: writing, publishing, reading, and the import from WordPress."""

    name = "news"
    verbose_name = _("News")

    def ready(self) -> None:
        from core import links
        from core.menus.targets import RowTarget, register
        from news import page_cache, search  # noqa: F401 - it registers the articles
        from news.models import Article, Category, Tag

        page_cache.watch_models()
        links.register("news:article", Article.objects.published)
        links.register("news:category", Category.objects.all)
        register(RowTarget("news-category", _("News categories"), Category.objects.all))
        links.register("news:tag", Tag.objects.all)
