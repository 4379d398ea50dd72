"""The forms of the basket: putting a product in, and changing what is there."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext, gettext_lazy

from inquiries.basket import MOST_LINES, Basket
from inquiries.forms.fields import ProductField
from products.models import Product


class QuantityField(forms.IntegerField):
    """A whole number of one or more."""

    def __init__(self, **kwargs: Any) -> None:
        bounds = [MaxValueValidator(1_000_000_000)]
        super().__init__(label=gettext_lazy("Quantity"), min_value=1, validators=bounds, **kwargs)


class AddForm(forms.Form):
    """Confirms that a product goes into the basket, and how many of it."""

    product = ProductField(widget=forms.HiddenInput)
    quantity = QuantityField()

    def __init__(self, basket: Basket, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.basket = basket
        self.fields["product"].queryset = Product.objects.published()  # type: ignore[attr-defined]

    @classmethod
    def offering(cls, basket: Basket, slug: str) -> "AddForm | None":
        """The form for the product of this address; None where there is none to ask about."""
        product = Product.objects.published().at_address(slug)
        if product is None:
            return None
        quantity = basket.quantity_of(product) or product.min_order
        return cls(basket, initial={"product": product.slug, "quantity": quantity})

    @property
    def asked_for(self) -> Product | None:
        """The product that the form is about."""
        return Product.objects.published().at_address(str(self["product"].value() or ""))

    def clean_product(self) -> Product:
        product = self.cleaned_data["product"]
        if not self.basket.has_room_for(product):
            raise forms.ValidationError(
                gettext("%(most)d products are in it already. Send the inquiry about those first."),
                params={"most": MOST_LINES},
            )
        return product

    def save(self) -> None:
        self.basket.put(self.cleaned_data["product"], self.cleaned_data["quantity"])


class BasketForm(forms.Form):
    """The quantity of each line; a field for each product that is still offered."""

    PREFIX = "quantity-"

    def __init__(self, basket: Basket, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.basket = basket
        for line in basket.lines:
            if line.product:
                self.fields[self.PREFIX + line.key] = QuantityField(initial=line.quantity)

    def rows(self) -> list[dict[str, Any]]:
        """Each line beside its field; without one where the product is gone."""
        names = {line: self.PREFIX + line.key for line in self.basket.lines}
        return [
            {"line": line, "field": self[name] if name in self.fields else None}
            for line, name in names.items()
        ]

    def save(self) -> None:
        changed = self.cleaned_data.items()
        self.basket.change({name.removeprefix(self.PREFIX): value for name, value in changed})
