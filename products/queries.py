"""What the public pages read of the catalogue: prepared queries, and functions that call them."""

from typing import Any

from django.db import models

from core.prepared_queries import PreparedRows, prepared
from core.taxonomy import Branch, build_tree
from products.models import Category, CategoryQuerySet, Product, ProductQuerySet

MAX_RELATED = 4

KEY = models.BigIntegerField()


@prepared()
def _categories() -> CategoryQuerySet:
    return Category.objects.all()


def find_category_tree() -> list[Branch]:
    """The branches of the top level with all categories below, in one query."""
    return build_tree(_categories())


@prepared()
def _categories_for_home() -> CategoryQuerySet:
    return Category.objects.for_home()


def find_categories_for_home() -> PreparedRows[Category]:
    """The first categories of the top level."""
    return _categories_for_home()


def published_products(categories: Any) -> ProductQuerySet:
    """The published products of all categories (None) or of those with these keys."""
    products = Product.objects.published()
    return products if categories is None else products.in_categories(categories)


@prepared(categories=KEY)
def _for_list(categories: Any) -> ProductQuerySet:
    return published_products(categories).for_list()


def find_products(categories: list[int] | None) -> PreparedRows[Product]:
    """The published products for a list, of all categories (None) or of those with these keys."""
    return _for_list(categories=categories)


@prepared()
def _for_home() -> ProductQuerySet:
    return Product.objects.for_home()


def find_products_for_home() -> PreparedRows[Product]:
    """The first featured products."""
    return _for_home()


@prepared(slug=models.SlugField())
def _with_slug(slug: Any) -> ProductQuerySet:
    return Product.objects.published().for_page().filter(slug=slug)


def find_product(slug: str) -> Product | None:
    """The published product with this slug, prepared for its page."""
    return _with_slug(slug=slug).first()


@prepared(slug=models.SlugField())
def _offered_with_slug(slug: Any) -> ProductQuerySet:
    return Product.objects.published().only("slug", "name", "unit").filter(slug=slug)


def find_offered_product(slug: str) -> Product | None:
    """The published product with this slug, with what a line of an inquiry says of it."""
    return _offered_with_slug(slug=slug).first()


@prepared(pk=KEY)
def _chosen_related(pk: Any) -> ProductQuerySet:
    others = Product.objects.published().for_list().exclude(pk=pk)
    return others.filter(related_to=pk)[:MAX_RELATED]


@prepared(pk=KEY, category=KEY)
def _others_of_category(pk: Any, category: Any) -> ProductQuerySet:
    others = Product.objects.published().for_list().exclude(pk=pk)
    return others.filter(category=category)[:MAX_RELATED]


def find_related(product: Product) -> PreparedRows[Product]:
    """The published products chosen by hand or, if there are none, others of the category."""
    if product.has_chosen_related:
        return _chosen_related(pk=product.pk)
    return _others_of_category(pk=product.pk, category=product.category_id)
