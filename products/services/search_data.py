"""Rebuilding the search texts and filter keys of products."""

from products.models import Product, Specification
from products.search_text import build_search_text

BATCH_SIZE = 500


def rebuild_search_data() -> int:
    """Rebuild the search text and the specification keys of all products; return their number.

    Needed only if rows were changed in bulk, or if the site's default language changed.
    """
    count = 0
    products = Product.objects.prefetch_related("specifications", "variants")
    for product in products.iterator(BATCH_SIZE):
        specifications = list(product.specifications.all())
        for specification in specifications:
            specification.update_keys()
        Specification.objects.bulk_update(specifications, ["name_key", "value_key"])
        text = build_search_text(product, specifications, product.variants.all())
        Product.objects.filter(pk=product.pk).update(search_text=text)
        count += 1
    return count
