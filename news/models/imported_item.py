"""Posts, pages and files that were imported from another site."""

from django.db import models


class ImportedItem(models.Model):
    """The article, page or file made from an item of another site, so that it is imported once.

    If all are empty, it was deleted on this site and is not imported again.
    """

    source = models.CharField(max_length=200)
    key = models.CharField(max_length=100)
    article = models.ForeignKey(
        "news.Article", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    page = models.ForeignKey(
        "pages.Page",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_column="page_of_blocks_id",  # the version before has a flat page in `page_id`
    )
    # The stored name of the file of an attachment.
    file = models.CharField(max_length=200, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="news_imported_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"
