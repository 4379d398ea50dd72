"""The products on the index of the whole site."""

from django.db.models import Prefetch

from products.models import Category, CategoryQuerySet, Product

MAX_PRODUCTS = 500  # per category


def get_categories_with_products() -> CategoryQuerySet:
    """The categories, each with its `published_products`, in two queries."""
    products = Product.objects.published().select_related(None).only("slug", "name", "category")
    return Category.objects.prefetch_related(
        Prefetch("products", products[:MAX_PRODUCTS], "published_products")
    )
