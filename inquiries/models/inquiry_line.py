"""The products of an inquiry."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from products.models import Product

MAX_QUANTITY = 1_000_000_000


class InquiryLine(models.Model):
    """A product of an inquiry, perhaps in one of its variants.

    Their names are stored, since the product may be changed or deleted later.
    """

    inquiry = models.ForeignKey("inquiries.Inquiry", on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(
        Product,
        on_delete=models.SET_NULL,
        null=True,
        related_name="inquiry_lines",
        verbose_name=_("product"),
    )
    product_name = models.CharField(_("product name"), max_length=200)
    variant = models.CharField(_("variant"), max_length=170, blank=True, default="", db_default="")
    quantity = models.PositiveIntegerField(
        _("quantity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_QUANTITY)],
    )
    unit = models.CharField(_("unit"), max_length=30, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("requested product")
        verbose_name_plural = _("requested products")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantity__isnull=True) | models.Q(quantity__gte=1),
                name="inquiry_line_quantity_positive",
            )
        ]

    def __str__(self) -> str:
        name = self.product_name or getattr(self.product, "name", "") or "–"
        if self.variant:
            name = f"{name} – {self.variant}"
        if self.quantity is None:
            return name
        return f"{self.quantity} {self.unit} × {name}".replace("  ", " ")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.store_product_name()
        super().save(*args, **kwargs)

    def store_product_name(self) -> None:
        """Copy the name of the product, in the active language, to this row."""
        if self.product and not self.product_name:
            self.product_name = self.product.name

    @property
    def catalogue_text(self) -> str:
        """The product and quantity without anything that the buyer typed; empty if unknown."""
        if self.product is None:
            return ""
        name = f"{self.product.name} – {self.variant}" if self.variant else self.product.name
        if self.quantity is None:
            return name
        unit = self.product.unit if self.unit == self.product.unit else ""
        return f"{self.quantity} {unit} × {name}".replace("  ", " ")
