"""The versions in which a product is made."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.loading import QuicklyLoadedModel
from products.models.watched import CatalogueQuerySet


class Variant(QuicklyLoadedModel):
    """A version of a product, for example another size, drive or voltage."""

    product = models.ForeignKey(
        "products.Product", on_delete=models.CASCADE, related_name="variants"
    )
    name = models.CharField(_("name"), max_length=100)
    sku = models.CharField(_("model number"), max_length=60, blank=True)
    specification = models.CharField(
        _("key specifications"),
        max_length=300,
        blank=True,
        help_text=_("For example: 60 m³/h, 90 kW, 6.5 t"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        constraints = [
            models.UniqueConstraint(
                fields=["sku"],
                name="variant_sku_unique",
                condition=~models.Q(sku=""),
                violation_error_message=_("Another variant already uses this model number."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name with the model number, if it has one."""
        return f"{self.name} ({self.sku})" if self.sku else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        self.product.update_search_text()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        self.product.update_search_text()
        return deleted
