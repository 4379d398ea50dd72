"""The admin of the news."""

from news.admin import dashboard  # noqa: F401, registers its panel
from news.admin.articles import ArticleAdmin
from news.admin.taxonomy import CategoryAdmin, TagAdmin

__all__ = ["ArticleAdmin", "CategoryAdmin", "TagAdmin"]
