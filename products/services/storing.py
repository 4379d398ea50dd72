"""Storing many products at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from core.search.index import update_index
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
    """Store new products, in a few statements for any number of them.

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
    update_index(Product, [product.pk for product in products])


@transaction.atomic
def update_products(products: Sequence[Product]) -> None:
    """Store the fields of products in one statement, apart from slug, status and parts.

    The rows must be locked by this transaction, and their parts be known to them. Raises
    IntegrityError if another product has got the same model number.
    """
    for product in products:
        product.search_text = build_search_text(
            product, product.specifications.all(), product.variants.all()
        )
    fields = [field.attname for field in Product._meta.concrete_fields if not field.primary_key]
    Product.objects.bulk_create(
        products,
        update_conflicts=True,  # with themselves: an UPDATE has a case for each row and field
        unique_fields=["id"],
        update_fields=[name for name in fields if name not in ("slug", "status")],
    )
    update_index(Product, [product.pk for product in products])


def _in_order(parts: Sequence[Any]) -> Sequence[Any]:
    for order, part in enumerate(parts):
        part.order = order
    return parts
