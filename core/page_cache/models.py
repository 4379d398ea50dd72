"""Changes of the content that pages show, and rows whose views are counted."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ContentChange(models.Model):
    """One change of the content behind a cache tag.

    The version of a tag is the sum of its tokens. Rows are only inserted, so transactions that
    change the same content do not wait for each other, and a transaction that commits late still
    changes the sum. `versions.delete_old_changes` keeps them few.
    """

    MAX_TOKEN = 2**40  # neither database overflows when it adds up a million of them

    tag = models.CharField(max_length=250)
    token = models.BigIntegerField()  # random, so that a sum does not occur twice
    at = models.DateTimeField(default=timezone.now)
    # Whether Redis knows of the change, where it holds the versions.
    is_published = models.BooleanField(default=False)

    class Meta:
        default_permissions = []
        indexes = [
            models.Index(fields=["tag", "token"], name="content_change_version"),
            models.Index(fields=["at"], name="content_change_age"),
            models.Index(
                fields=["id"],
                name="content_change_unpublished",
                condition=models.Q(is_published=False),
            ),
        ]

    def __str__(self) -> str:
        return self.tag


class CountedModel(models.Model):
    """A row whose page counts its views: see core/page_cache/counting.py."""

    views = models.PositiveBigIntegerField(_("views"), default=0, editable=False)
    # The count in Redis or in the file up to which `views` includes it.
    stored_count = models.PositiveBigIntegerField(
        default=0, db_default=0, editable=False, db_column="redis_views"
    )
    # The part of `views` that is in the daily statistics or was counted on another site.
    aggregated_views = models.PositiveBigIntegerField(default=0, editable=False)
    # When a view was noted, at most `NOTE_EVERY` before the last one; empty if all views are in the
    # statistics. The index on it would cost more than the counting, if each view changed it.
    viewed_at = models.DateTimeField(null=True, editable=False)

    COUNTERS = frozenset({"views", "stored_count", "aggregated_views", "viewed_at"})
    NOTE_EVERY = timedelta(seconds=30)

    class Meta:
        abstract = True

    def views_with(self, count: int) -> int:
        """All views of the row, if `count` is what Redis or the file has counted by now."""
        return self.views - self.stored_count + count
