"""Tags: words that connect articles of different categories."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core.loading import QuicklyLoadedModel
from core.search.index import update_index
from core.slugs import SluggedModel
from news.models.watched import NewsQuerySet


class Tag(QuicklyLoadedModel, SluggedModel):
    """A word that connects articles of different categories."""

    view_name = "news:tag"
    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(_("slug"), max_length=80, unique=True, blank=True)

    objects = NewsQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            update_index(self.articles.model, self.articles.values_list("pk", flat=True))
