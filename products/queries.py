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


MAX_FOR_BLOCK = 12
# The category of a product and those above it.
LINE = ("category_id", "category__parent_id", "category__parent__parent_id")


@prepared(chosen=KEY, categories=KEY)
def _for_blocks(chosen: Any, categories: Any, featured: bool) -> ProductQuerySet:
    shown = models.Q(pk__in=chosen) if chosen else models.Q()
    for category in categories:
        in_line = models.Q()
        for column in LINE:
            in_line |= models.Q(**{column: category})
        newest = Product.objects.published().filter(in_line)[:MAX_FOR_BLOCK]
        shown |= models.Q(pk__in=newest.values("pk"))
    if featured:
        shown |= models.Q(pk__in=Product.objects.for_home(MAX_FOR_BLOCK).values("pk"))
    parents = {f"line_{level}": models.F(column) for level, column in enumerate(LINE)}
    products = Product.objects.published().for_list().filter(shown)
    return products.annotate(is_featured=models.F("featured"), **parents)


def find_products_for_blocks(
    chosen: list[int], categories: list[int], *, featured: bool
) -> list[Product]:
    """The published products with these keys, the first of each category, and the first featured.

    In one query, which also says what `is_in_category` needs.
    """
    if not (chosen or categories or featured):
        return []
    rows = _for_blocks(
        chosen=sorted(set(chosen)), categories=sorted(set(categories)), featured=featured
    )
    return list(rows)


def is_in_category(product: Any, category: int) -> bool:
    """Whether a product of `find_products_for_blocks` is in this category or one below it."""
    return any(getattr(product, f"line_{level}") == category for level in range(len(LINE)))


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
