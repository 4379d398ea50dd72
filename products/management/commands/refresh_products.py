"""`manage.py refresh_products`: what products are found and filtered by, written anew."""

from typing import Any

from django.core.management.base import BaseCommand

from products.models import Product, Specification
from products.receivers import refresh

MOST_AT_ONCE = 500


class Command(BaseCommand):
    help = (
        "Write anew what products are found and filtered by. Needed after rows were changed past "
        "the site, and after another language was made the first one."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        products = Product.objects.prefetch_related("specifications", "variants")
        for product in products.iterator(MOST_AT_ONCE):
            lines = list(product.specifications.all())
            for line in lines:
                line.fill_keys()
            Specification.objects.bulk_update(lines, ["name_key", "value_key"])
            refresh(product)
            count += 1
        self.stdout.write(self.style.SUCCESS(f"Refreshed {count} products."))
