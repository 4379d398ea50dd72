"""`manage.py clear_page_cache`: have every process render its pages again."""

from typing import Any

from django.core.management.base import BaseCommand

from core.page_cache.versions import EVERY_PAGE, mark_changed


class Command(BaseCommand):
    help = "Have all pages rendered again, after a change past Django such as SQL by hand."

    def handle(self, *args: Any, **options: Any) -> None:
        mark_changed(EVERY_PAGE)
        self.stdout.write("All pages will be rendered again.")
