"""Where editors write."""

from news.admin import dashboard  # noqa: F401, registers itself
from news.admin.articles import ArticleAdmin
from news.admin.filing import CategoryAdmin, TagAdmin

__all__ = ["ArticleAdmin", "CategoryAdmin", "TagAdmin"]
