"""The parts of the product in the row that is being imported, until they are saved."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.files.base import ContentFile
from django.db.models import Model

from products.models import Product, ProductImage
from products.spreadsheets.cells import Lines


class NamedPicture(NamedTuple):
    """A line of the pictures cell, with the stored picture or the file that it names."""

    name: str
    alt: str
    source: ProductImage | ContentFile


@dataclass
class CurrentRow:
    """Shared by the fields of a resource; `begin` starts the next row.

    The library also passes the fields a copy of the product before the import, to compare the two.
    The row does not apply to that copy, so the fields check `describes` before they read it. What
    is stored of the copy was read with the product.
    """

    product: Product | None = None
    stored: dict[str, Any] = field(default_factory=dict)  # of the product, by attribute
    cells: dict[str, Lines] = field(default_factory=dict)  # by column
    rows: dict[str, list[Any]] = field(default_factory=dict)  # by relation, in all languages
    pictures: list[NamedPicture] | None = None

    def begin(self, product: Product, stored: dict[str, Any]) -> None:
        self.product, self.stored = product, stored
        self.cells, self.rows, self.pictures = {}, {}, None

    def describes(self, product: Model) -> bool:
        return self.product is product

    def is_copied_to(self, product: Model) -> bool:
        """Whether this is the copy from before the import."""
        is_same = self.product is not None and self.product.pk == product.pk
        return product.pk is not None and is_same and not self.describes(product)
