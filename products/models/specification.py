"""The technical data of products."""

from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.loading import QuicklyLoadedModel
from products.measurements import DECIMAL_PLACES, MAX_DIGITS, parse_measurement
from products.models.watched import CatalogueQuerySet
from products.search_text import comparison_key, first_translation
from products.units import MAX_SYMBOL_LENGTH

MAX_NAME_LENGTH = 100
MAX_VALUE_LENGTH = 200
DERIVED_FIELDS = ["name_key", "value_key", "minimum", "maximum", "unit"]  # by `update_keys`


class SpecificationQuerySet(CatalogueQuerySet["Specification"]):
    def with_number(self, name_key: Any, unit: Any) -> Self:
        """Those with this name key that are a number or a range in this base unit."""
        has_number = models.Q(minimum__isnull=False) | models.Q(maximum__isnull=False)
        return self.filter(has_number, name_key=name_key, unit=unit)

    def reaching(self, at_least: Decimal | None, at_most: Decimal | None) -> Self:
        """Those of `with_number` that are not all below one number or all above another."""
        if at_least is not None:
            self = self.filter(models.Q(maximum__gte=at_least) | models.Q(maximum=None))
        if at_most is not None:
            self = self.filter(models.Q(minimum__lte=at_most) | models.Q(minimum=None))
        return self


class Specification(QuicklyLoadedModel):
    """A name and a value in a product's table of technical data.

    If the value is a number or a range, it is stored in the base unit as well; an end that is NULL
    is open. A value of any other kind has neither end.
    """

    product = models.ForeignKey(
        "products.Product", on_delete=models.CASCADE, related_name="specifications"
    )
    name = models.CharField(_("name"), max_length=MAX_NAME_LENGTH)
    value = models.CharField(_("value"), max_length=MAX_VALUE_LENGTH)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    # Lists are filtered and products compared by these, in every language and spelling.
    name_key = models.CharField(max_length=MAX_NAME_LENGTH, editable=False, default="")
    value_key = models.CharField(max_length=MAX_VALUE_LENGTH, editable=False, default="")
    minimum = models.DecimalField(
        max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES, null=True, editable=False
    )
    maximum = models.DecimalField(
        max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES, null=True, editable=False
    )
    unit = models.CharField(max_length=MAX_SYMBOL_LENGTH, editable=False, default="", db_default="")

    objects = SpecificationQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("specification")
        verbose_name_plural = _("specifications")
        indexes = [
            models.Index(fields=["name_key", "value_key", "product"], name="specification_filter"),
            # The product comes first, because SQLite looks up the numbers of each product.
            models.Index(
                fields=["name_key", "unit", "product", "maximum", "minimum"],
                name="specification_number",
            ),
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
        """Set the keys and numbers from the name and value; call it before a bulk operation."""
        name, value = first_translation(self, "name"), first_translation(self, "value")
        self.name_key = comparison_key(name, MAX_NAME_LENGTH)
        self.value_key = comparison_key(value, MAX_VALUE_LENGTH)
        found = parse_measurement(value, name, settings.LANGUAGE_CODE)
        self.minimum = found.minimum if found else None
        self.maximum = found.maximum if found else None
        self.unit = found.unit.base if found else ""
