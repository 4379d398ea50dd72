"""The forms of the basket: adding a product, and changing the quantities."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext

from inquiries.basket import MAX_LINES, Basket
from inquiries.forms.fields import ProductField, QuantityField
from products.models import Product


class AddToBasketForm(forms.Form):
    """Adds a product to the basket, with a quantity."""

    product = ProductField(widget=forms.HiddenInput)
    quantity = QuantityField()

    def __init__(self, basket: Basket, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.basket = basket

    @classmethod
    def for_slug(cls, basket: Basket, slug: str) -> Self | None:
        """The form for the product with this slug; None if no such product is published."""
        product = Product.objects.published().find_by_slug(slug)
        if product is None:
            return None
        quantity = basket.quantity_of(product) or product.min_order
        return cls(basket, initial={"product": product.slug, "quantity": quantity})

    @property
    def chosen_product(self) -> Product | None:
        """The published product that the form is about."""
        return Product.objects.published().find_by_slug(str(self["product"].value() or ""))

    def clean_product(self) -> Product:
        product = self.cleaned_data["product"]
        if not self.basket.has_room_for(product):
            raise forms.ValidationError(
                gettext("Your inquiry list is full (%(most)d products). Send this inquiry first."),
                params={"most": MAX_LINES},
            )
        return product

    @property
    def first_error(self) -> str:
        return next(str(errors[0]) for errors in self.errors.values())

    def save(self) -> None:
        self.basket.set_quantity(self.cleaned_data["product"], self.cleaned_data["quantity"])


class BasketForm(forms.Form):
    """A quantity field for each line whose product is still offered."""

    PREFIX = "quantity-"

    def __init__(self, basket: Basket, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.basket = basket
        for line in basket.lines:
            if line.product:
                self.fields[self.PREFIX + line.key] = QuantityField(initial=line.quantity)

    def rows(self) -> list[dict[str, Any]]:
        """Each line with its field, or with None if its product is no longer offered."""
        names = {line: self.PREFIX + line.key for line in self.basket.lines}
        return [
            {"line": line, "field": self[name] if name in self.fields else None}
            for line, name in names.items()
        ]

    def save(self) -> None:
        quantities = {
            name.removeprefix(self.PREFIX): quantity for name, quantity in self.cleaned_data.items()
        }
        self.basket.change_quantities(quantities)
