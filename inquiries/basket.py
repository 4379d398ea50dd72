"""The basket: the products that a visitor wants to ask about together, stored in the session."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property

from products.models import Product

SESSION_KEY = "inquiry_basket"
MAX_LINES = 30


@dataclass(frozen=True)
class BasketLine:
    """A product in the basket; `product` is None if it is no longer offered."""

    key: str
    name: str
    quantity: int
    product: Product | None


class Basket:
    """The basket of one session. An empty basket writes nothing to the session."""

    def __init__(self, session: MutableMapping[str, Any]) -> None:
        self.session = session
        self.items: dict[str, dict[str, Any]] = dict(session.get(SESSION_KEY, {}))

    def __len__(self) -> int:
        return len(self.items)

    def quantity_of(self, product: Product) -> int | None:
        """The quantity of a product in the basket; None if it is not in the basket."""
        return self.items.get(str(product.pk), {}).get("quantity")

    def has_room_for(self, product: Product) -> bool:
        return str(product.pk) in self.items or len(self) < MAX_LINES

    def set_quantity(self, product: Product, quantity: int) -> None:
        """Add a product, or change its quantity.

        Raises ValueError if the basket is full.
        """
        if not self.has_room_for(product):
            raise ValueError(f"The basket holds {MAX_LINES} products.")
        self.items[str(product.pk)] = {"quantity": quantity, "name": product.name}
        self._save()

    def change_quantities(self, quantities: dict[str, int]) -> None:
        """Change the quantities of lines, given by their keys."""
        for key, quantity in quantities.items():
            self.items[key] = {**self.items[key], "quantity": quantity}
        self._save()

    def remove(self, key: str) -> None:
        """Remove the line with this key; does nothing for an unknown key."""
        self.items.pop(key, None)
        self._save()

    def clear(self) -> None:
        self.items.clear()
        self._save()

    @cached_property
    def lines(self) -> list[BasketLine]:
        """The lines, with the products as they are published now."""
        products = Product.objects.published().in_bulk([int(key) for key in self.items])
        lines = []
        for key, item in self.items.items():
            product = products.get(int(key))
            name = product.name if product else item["name"]
            lines.append(BasketLine(key, name, item["quantity"], product))
        return lines

    @property
    def quantities(self) -> dict[Product, int]:
        """The quantity of each product that is still offered."""
        return {line.product: line.quantity for line in self.lines if line.product}

    def _save(self) -> None:
        self.__dict__.pop("lines", None)
        if self.items:
            self.session[SESSION_KEY] = self.items
        else:
            self.session.pop(SESSION_KEY, None)
