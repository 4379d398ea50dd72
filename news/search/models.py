"""What the index knows of an article, beside the words that the database keeps in its own way."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import models

# An entry's number is its article's times this and its own place, so that entries stand in the
# order of their articles. There are fewer languages than that.
ENTRIES_EACH = 16

# Words that are in more articles than that are ranked among the newest that have them in title,
# tags or summary, and the newest that have them anywhere.
MOST_CANDIDATES = 500


class SearchEntry(models.Model):
    """What readers of one or more languages see of an article, as tokens.

    The migration adds what only one database has: two `tsvector` columns on PostgreSQL, an FTS5
    table on SQLite. Entries are written by `index.update` alone.
    """

    id = models.BigIntegerField(primary_key=True)
    article = models.ForeignKey("news.Article", models.CASCADE, related_name="search_entries")
    title = models.TextField()
    tags = models.TextField()
    summary = models.TextField()

    def __str__(self) -> str:
        return self.title


class Candidate(NamedTuple):
    article_id: int
    title: str
    tags: str
    summary: str
    publish_time: datetime


def published_entries(published: models.QuerySet[Any]) -> models.QuerySet[SearchEntry]:
    """The entries of `published` articles with their `publish_time`, looked up entry by entry.

    Few entries are ever asked about, so that a join, which may begin with the articles, is no good.
    """
    article = published.filter(pk=models.OuterRef("article_id")).order_by()
    entries = SearchEntry.objects.annotate(
        publish_time=models.Subquery(article.values("publish_time")[:1])
    )
    return entries.filter(publish_time__isnull=False)
