"""The catalogue: categories as a tree, products, and what belongs to each product."""

from products.models.categories import Category, CategoryQuerySet
from products.models.details import Download, ProductImage, Specification, Variant
from products.models.products import Product, ProductQuerySet

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
