"""The catalogue: a tree of categories, products, and the parts of a product."""

from products.models.category import Category, CategoryQuerySet
from products.models.download import Download
from products.models.image import ProductImage
from products.models.product import Product, ProductQuerySet
from products.models.specification import Specification
from products.models.variant import Variant

__all__ = [
    "Category",
    "CategoryQuerySet",
    "Download",
    "Product",
    "ProductImage",
    "ProductQuerySet",
    "Specification",
    "Variant",
]
