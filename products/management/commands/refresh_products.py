"""`manage.py refresh_products`: rebuild the search texts, filter keys and numbers of products."""

from typing import Any

from django.core.management.base import BaseCommand

from products.services.search_data import rebuild_search_data


class Command(BaseCommand):
    help = (
        "Rebuild the search texts, filter keys and numbers of all products. Needed after rows were "
        "changed in bulk outside the site, and after the site's default language was changed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count = rebuild_search_data()
        self.stdout.write(self.style.SUCCESS(f"Refreshed {count} products."))
