"""`manage.py rebuild_search`: for changes that bypass `save`."""

from typing import Any

from django.core.management.base import BaseCommand

from core.search.index import rebuild_all


class Command(BaseCommand):
    help = "Rebuild all texts in which the site and the admin search. Safe to run repeatedly."

    def handle(self, *args: Any, **options: Any) -> None:
        for model, count in rebuild_all():
            self.stdout.write(f"{count} {model._meta.verbose_name_plural} indexed.")
