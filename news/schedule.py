"""The regular work of the news."""

from datetime import timedelta

from core.language_indexes import LanguageIndex, update_language_indexes
from core.worker.schedule import every
from news.services.page_views import (
    aggregate_daily_views,
    delete_old_daily_views,
    update_most_read,
)

LANGUAGE_INDEXES = (
    LanguageIndex("article_by_title", "news_article (title_{}, id)"),
    LanguageIndex(
        "article_search_parts",
        "news_article USING gin"
        " (UPPER(title_{}::text) gin_trgm_ops, UPPER(summary_{}::text) gin_trgm_ops)",
        vendor="postgresql",
    ),
)


@every(minutes=1)
def aggregate_views() -> None:
    """Add the views of the last minute to today's statistics."""
    aggregate_daily_views()


@every(minutes=5)
def update_most_read_articles() -> None:
    """Add up which articles were read most in the last week."""
    update_most_read()


@every(days=1, limit=timedelta(hours=1))
def delete_old_views() -> None:
    """Delete the statistics of days before the retention period."""
    delete_old_daily_views()


@every(hours=1, limit=timedelta(hours=1))
def index_languages() -> None:
    """Index the articles by their titles and summaries in each language of the site."""
    update_language_indexes(LANGUAGE_INDEXES)
