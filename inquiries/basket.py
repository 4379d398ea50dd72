"""The products that a visitor wants to ask about together, kept in their session."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property

from products.models import Product

SESSION_KEY = "inquiry_basket"
MOST_LINES = 30


@dataclass(frozen=True)
class BasketLine:
    """A product in the basket; `product` is None where it is no longer offered."""

    key: str
    name: str
    quantity: int
    product: Product | None


class Basket:
    """What is in the basket of one session. Nothing is written before something is put in."""

    def __init__(self, session: MutableMapping[str, Any]) -> None:
        self.session = session
        self.kept: dict[str, dict[str, Any]] = dict(session.get(SESSION_KEY, {}))

    def __len__(self) -> int:
        return len(self.kept)

    def quantity_of(self, product: Product) -> int | None:
        """How many of a product are in the basket; None where it is not."""
        return self.kept.get(str(product.pk), {}).get("quantity")

    def has_room_for(self, product: Product) -> bool:
        return str(product.pk) in self.kept or len(self) < MOST_LINES

    def put(self, product: Product, quantity: int) -> None:
        """Have `quantity` of a product in the basket, however many there were.

        Raises ValueError for one more product than the basket takes.
        """
        if not self.has_room_for(product):
            raise ValueError(f"The basket holds {MOST_LINES} products.")
        self.kept[str(product.pk)] = {"quantity": quantity, "name": product.name}
        self._write()

    def change(self, quantities: dict[str, int]) -> None:
        """Give lines, by their key, another quantity."""
        for key, quantity in quantities.items():
            self.kept[key] = {**self.kept[key], "quantity": quantity}
        self._write()

    def remove(self, key: str) -> None:
        self.kept.pop(key, None)
        self._write()

    def clear(self) -> None:
        self.kept.clear()
        self._write()

    @cached_property
    def lines(self) -> list[BasketLine]:
        """What is in it, with the products as they are offered today."""
        products = Product.objects.published().in_bulk([int(key) for key in self.kept])
        lines = []
        for key, kept in self.kept.items():
            product = products.get(int(key))
            name = product.name if product else kept["name"]
            lines.append(BasketLine(key, name, kept["quantity"], product))
        return lines

    @property
    def offered(self) -> dict[Product, int]:
        """The products that can still be asked about, and how many of each."""
        return {line.product: line.quantity for line in self.lines if line.product}

    def _write(self) -> None:
        self.__dict__.pop("lines", None)
        if self.kept:
            self.session[SESSION_KEY] = self.kept
        else:
            self.session.pop(SESSION_KEY, None)
