"""What was imported before."""

from django.db import models


class ImportedItem(models.Model):
    """What a post or page of another site became here, so that it is not imported again.

    Neither an article nor a page: it was deleted here since, and stays away.
    """

    source = models.CharField(max_length=200)
    key = models.CharField(max_length=100)
    article = models.ForeignKey(
        "news.Article", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    page = models.ForeignKey(
        "flatpages.FlatPage", on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        app_label = "news"
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="news_imported_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"
