"""Rebuilding the search texts, filter keys and numbers of products."""

from products.models import Product, Specification
from products.models.specification import DERIVED_FIELDS
from products.search_text import build_search_text

BATCH_SIZE = 500


def rebuild_search_data() -> int:
    """Rebuild the search texts and what is read from specifications; return how many products.

    Needed only if rows were changed in bulk, or if the site's default language changed.
    """
    count = 0
    products = Product.objects.prefetch_related("specifications", "variants")
    for product in products.iterator(BATCH_SIZE):
        specifications = list(product.specifications.all())
        for specification in specifications:
            specification.update_keys()
        Specification.objects.bulk_update(specifications, DERIVED_FIELDS)
        text = build_search_text(product, specifications, product.variants.all())
        Product.objects.filter(pk=product.pk).update(search_text=text)
        count += 1
    return count
