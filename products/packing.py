"""How a quantity of a product is packed: cartons, weight, and the part of a container they fill."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Self

from django.http import QueryDict

from products.models import Product

MAX_QUANTITY = 1_000_000_000


@dataclass(frozen=True)
class Container:
    """A container with what it usually holds: no stow fills it to the last corner."""

    name: str
    volume: Decimal  # m³
    payload: Decimal  # kg


CONTAINERS = (
    Container("20′", Decimal(28), Decimal(28_000)),
    Container("40′", Decimal(58), Decimal(26_500)),
)


@dataclass(frozen=True)
class Load:
    """How much of a container of one size the cartons need, by the scarcer of space and weight."""

    container: Container
    share: Decimal  # 1.5 for one and a half containers

    @property
    def percent(self) -> int:
        return max(1, ceil(self.share * 100))

    @property
    def count(self) -> int:
        """The number of containers."""
        return ceil(self.share)


@dataclass(frozen=True)
class Packing:
    """The packing of a quantity; values are None where the product does not say."""

    quantity: int
    cartons: int
    weight: Decimal | None  # kg
    volume: Decimal | None  # m³

    @classmethod
    def of(cls, product: Product, quantity: int) -> Self | None:
        """The packing of this quantity; None if it is unknown how many units a carton has."""
        if not product.units_per_carton:
            return None
        cartons = ceil(Decimal(quantity) / product.units_per_carton)
        weight, volume = product.carton_weight, product.carton_volume
        return cls(
            quantity,
            cartons,
            weight * cartons if weight else None,
            volume * cartons if volume else None,
        )

    @property
    def loads(self) -> list[Load]:
        """The load of each size of container; none if neither weight nor volume is known."""
        return [
            Load(container, max(shares))
            for container in CONTAINERS
            if (shares := self._shares(container))
        ]

    def _shares(self, container: Container) -> list[Decimal]:
        pairs = [(self.volume, container.volume), (self.weight, container.payload)]
        return [needed / available for needed, available in pairs if needed is not None]


def chosen_quantity(query: QueryDict, product: Product) -> int:
    """The `quantity` of a query string; the minimum order if it is no possible quantity."""
    typed = query.get("quantity", "")[:12]
    quantity = int(typed) if typed.isdecimal() else 0
    return quantity if 1 <= quantity <= MAX_QUANTITY else product.min_order
