"""The products on the index of the whole site."""

from collections import defaultdict

from products.models import Category, Product

MAX_PRODUCTS = 500


def get_categories_with_products() -> list[tuple[Category, list[Product]]]:
    """The categories with their published products, in two queries.

    If there are more than MAX_PRODUCTS in all, the categories only: their pages list the products.
    """
    products = Product.objects.published().only("slug", "name", "category")[: MAX_PRODUCTS + 1]
    by_category: dict[int, list[Product]] = defaultdict(list)
    for product in products if len(products) <= MAX_PRODUCTS else ():
        by_category[product.category_id].append(product)
    return [(category, by_category[category.pk]) for category in Category.objects.all()]
