"""Replacing all specifications, variants or pictures of a product at once."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from modeltranslation.utils import build_localized_fieldname

from core.page_cache.versions import mark_changed
from products import page_cache
from products.models import Product, ProductImage, Specification, Variant
from products.models.specification import DERIVED_FIELDS

DEFAULT_ALT_FIELD = build_localized_fieldname("alt", settings.LANGUAGE_CODE)


Part = TypeVar("Part", Specification, Variant)


class Picture(NamedTuple):
    """A stored picture of the product, or the file of a new one.

    `alt` is the alternative text in the site's default language; if empty, the stored one stays.
    """

    source: ProductImage | ContentFile
    alt: str


@transaction.atomic
def replace_specifications(product: Product, rows: Sequence[Specification]) -> None:
    """Store `rows`, new or changed, as the only specifications of the product, in their order."""
    for row in rows:
        row.update_keys()
    _replace(product, Specification, rows, ["name", "value"], DERIVED_FIELDS)


@transaction.atomic
def replace_variants(product: Product, rows: Sequence[Variant]) -> None:
    """Store `rows`, new or changed, as the only variants of the product, in their order."""
    product.variants.update(sku="")  # so that two variants can exchange their model numbers
    _replace(product, Variant, rows, ["name", "specification"], ["sku"])


def _replace(
    product: Product,
    model: type[Part],
    rows: Sequence[Part],
    translated: Iterable[str],
    others: Iterable[str],
) -> None:
    """Write in bulk, so that the search text is updated only once."""
    stored = [row for row in rows if row.pk]
    manager = model._default_manager
    manager.filter(product=product).exclude(pk__in=[row.pk for row in stored]).delete()
    for order, row in enumerate(rows):
        row.product, row.order = product, order
    columns: list[str] = [
        build_localized_fieldname(name, code)
        for name in translated
        for code in settings.MODELTRANSLATION_LANGUAGES
    ]
    manager.bulk_update(stored, ["order", *columns, *others])
    manager.bulk_create([row for row in rows if not row.pk])
    product.update_search_text()
    mark_changed(*page_cache.find_tags(product))


@transaction.atomic
def replace_pictures(product: Product, pictures: Sequence[Picture]) -> None:
    """Store these as the only pictures of the product, in their order."""
    remaining = [
        picture.source.pk for picture in pictures if isinstance(picture.source, ProductImage)
    ]
    product.images.exclude(pk__in=remaining).delete()
    for order, (source, alt) in enumerate(pictures):
        image = (
            source
            if isinstance(source, ProductImage)
            else ProductImage(product=product, image=source)
        )
        image.order = order
        if alt:
            setattr(image, DEFAULT_ALT_FIELD, alt)
        image.save()
