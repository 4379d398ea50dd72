"""Where articles are filed: categories and tags."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.slugs import SluggedModel
from news.search import index as search_index


class CategoryQuerySet(models.QuerySet["Category"]):
    def roots(self) -> Self:
        """The categories of the upper level."""
        return self.filter(parent=None)

    def beside(self, category: "Category") -> Self:
        """The categories of the lower level that belong where `category` does."""
        return self.filter(parent=category.parent_id or category.pk)


class Category(SluggedModel):
    """A section of the newsroom."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address"), max_length=120, unique=True, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers come first.")
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="news_category_not_its_own_parent",
                violation_error_message=_("A category cannot be part of itself."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a tree of more than two levels; a circle would be one."""
        super().clean()
        if self.parent is None or self.parent == self:
            return
        if self.parent.parent_id or (self.pk and self.children.exists()):
            raise ValidationError({"parent": _("Categories go two levels deep at the most.")})

    def get_absolute_url(self) -> str:
        return reverse("news:category", args=[self.slug])


class Tag(SluggedModel):
    """A word by which articles of different categories belong together."""

    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(_("address"), max_length=80, unique=True, blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("news:tag", args=[self.slug])

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            search_index.update(self.articles.values_list("pk", flat=True))
