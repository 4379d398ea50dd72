"""What the index knows of an article, beside the words that the database keeps in its own way."""

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
