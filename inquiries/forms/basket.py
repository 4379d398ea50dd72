"""The forms of the basket: adding a product, and changing the quantities."""

from typing import Any, Self, cast

from django import forms
from django.utils.translation import gettext

from inquiries.basket import MAX_LINES, Basket
from inquiries.forms.fields import ProductField, QuantityField, VariantField
from products.models import Product, Variant


class AddToBasketForm(forms.Form):
    """Adds a product or one of its variants to the basket, with a quantity."""

    product = ProductField(widget=forms.HiddenInput)
    variant = VariantField()
    quantity = QuantityField()

    def __init__(self, basket: Basket, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.basket = basket
        self.variant_field.set_product(str(self["product"].value() or ""))

    @property
    def variant_field(self) -> VariantField:
        return cast(VariantField, self.fields["variant"])

    @classmethod
    def for_slug(cls, basket: Basket, slug: str, variant: str = "") -> Self | None:
        """The form for the product with this slug; None if no such product is published."""
        product = Product.objects.published().find_by_slug(slug)
        if product is None:
            return None
        form = cls(basket, initial={"product": product.slug, "variant": variant})
        chosen = form.variant_field.find(variant) if variant else None
        form.initial["quantity"] = basket.quantity_of(product, chosen) or product.min_order
        return form

    @property
    def chosen_product(self) -> Product | None:
        """The published product that the form is about."""
        return Product.objects.published().find_by_slug(str(self["product"].value() or ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        product, variant = data.get("product"), data.get("variant")
        if product and not self.basket.has_room_for(product, variant):
            text = gettext(
                "Your inquiry list is full (%(most)d products). Send this inquiry first."
            )
            self.add_error("product", text % {"most": MAX_LINES})
        return data

    @property
    def first_error(self) -> str:
        return next(str(errors[0]) for errors in self.errors.values())

    def save(self) -> None:
        data = self.cleaned_data
        self.basket.set_quantity(data["product"], data["quantity"], data["variant"])

    @property
    def text(self) -> str:
        """What was added, from a valid form."""
        product: Product = self.cleaned_data["product"]
        variant: Variant | None = self.cleaned_data["variant"]
        return f"{product.name} – {variant.label}" if variant else product.name


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
