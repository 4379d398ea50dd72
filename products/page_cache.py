"""The cache tags of the catalogue: which pages change with which rows."""

from typing import Any

from core.page_cache.changes import watch, watch_all, watch_relation
from products.models import Category, Download, Product, ProductImage, Specification, Variant
from products.models.watched import CHANGED_TAG

ALL = CHANGED_TAG  # every page of the catalogue
LISTS = "products:lists"
PRODUCT = "products:product:{slug}"


def related_tag(category_id: int) -> str:
    """The tag of the products of a category, which are related to each other."""
    return f"products:related:{category_id}"


def find_tags(product: Product) -> set[str]:
    """The tags of the pages that show a product; none for a draft."""
    if not product.is_published:
        return set()
    chosen_by = product.related_to.values_list("slug", flat=True)
    tags = {PRODUCT.format(slug=slug) for slug in (product.slug, *chosen_by)}
    return tags | {LISTS, related_tag(product.category_id)}


def find_tags_of_part(part: Any) -> set[str]:
    """The tags of the pages that show a picture, a specification and so on."""
    return find_tags(part.product)


def watch_models() -> None:
    """Mark the tags of the pages that a change in the database changes."""
    watch(Product, find_tags)
    watch_relation(Product.related_products.through, find_tags)
    watch_relation(Category.contacts.through, lambda row: {ALL})
    for part in (Download, ProductImage, Specification, Variant):
        watch(part, find_tags_of_part)
    watch_all({Category: ALL})
