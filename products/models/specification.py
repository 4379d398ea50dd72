"""The technical data of products."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.loading import QuicklyLoadedModel
from products.models.watched import CatalogueQuerySet
from products.search_text import comparison_key, first_translation

MAX_NAME_LENGTH = 100
MAX_VALUE_LENGTH = 200


class Specification(QuicklyLoadedModel):
    """A name and a value in a product's table of technical data."""

    product = models.ForeignKey(
        "products.Product", on_delete=models.CASCADE, related_name="specifications"
    )
    name = models.CharField(_("name"), max_length=MAX_NAME_LENGTH)
    value = models.CharField(_("value"), max_length=MAX_VALUE_LENGTH)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    # Lists are filtered and products compared by these, in every language and spelling.
    name_key = models.CharField(max_length=MAX_NAME_LENGTH, editable=False, default="")
    value_key = models.CharField(max_length=MAX_VALUE_LENGTH, editable=False, default="")

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("specification")
        verbose_name_plural = _("specifications")
        indexes = [
            models.Index(fields=["name_key", "value_key", "product"], name="specification_filter")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.update_keys()
        super().save(*args, **kwargs)
        self.product.update_search_text()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        self.product.update_search_text()
        return deleted

    def update_keys(self) -> None:
        """Set the keys from the name and value; call it before a bulk operation."""
        self.name_key = comparison_key(first_translation(self, "name"), MAX_NAME_LENGTH)
        self.value_key = comparison_key(first_translation(self, "value"), MAX_VALUE_LENGTH)
