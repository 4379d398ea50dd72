"""The newsroom's tables. What belongs to one feature stands beside that feature."""

from news.models.articles import Article
from news.models.filing import Category, Tag
from news.readings.models import DailyViews
from news.revisions import Revision
from news.wordpress.models import ImportedItem

__all__ = ["Article", "Category", "DailyViews", "ImportedItem", "Revision", "Tag"]
