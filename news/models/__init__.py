"""The tables of the news. Saved versions (`Article.history`) are set up in news/translation.py."""

from news.models.article import Article
from news.models.category import Category
from news.models.daily_views import DailyViews, MostRead, TotalViews
from news.models.imported_item import ImportedItem
from news.models.pending_changes import PendingChanges
from news.models.querysets import ArticleQuerySet
from news.models.tag import Tag

__all__ = [
    "Article",
    "ArticleQuerySet",
    "Category",
    "DailyViews",
    "ImportedItem",
    "MostRead",
    "PendingChanges",
    "Tag",
    "TotalViews",
]
