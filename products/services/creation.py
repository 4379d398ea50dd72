"""Storing many new products at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from products.models import Product, Specification, Variant
from products.search_text import build_search_text


@dataclass(frozen=True)
class NewProduct:
    """A valid product with a slug, and its parts in their order; nothing is stored yet."""

    product: Product
    specifications: Sequence[Specification] = field(default_factory=list)
    variants: Sequence[Variant] = field(default_factory=list)


@transaction.atomic
def create_products(new: Iterable[NewProduct]) -> None:
    """Store new products, in three statements for any number of them.

    Raises IntegrityError if another product or variant has got the same slug or model number.
    """
    products: list[Product] = []
    specifications: list[Specification] = []
    variants: list[Variant] = []
    for one in new:
        for specification in one.specifications:
            specification.update_keys()
        product = one.product
        product.search_text = build_search_text(product, one.specifications, one.variants)
        products.append(product)
        specifications += _in_order(one.specifications)
        variants += _in_order(one.variants)
    Product.objects.bulk_create(products)
    Specification.objects.bulk_create(specifications)
    Variant.objects.bulk_create(variants)


def _in_order(parts: Sequence[Any]) -> Sequence[Any]:
    for order, part in enumerate(parts):
        part.order = order
    return parts
