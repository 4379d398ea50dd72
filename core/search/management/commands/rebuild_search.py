"""`manage.py rebuild_search`: for changes that bypass `save`, or new LANGUAGES."""

from typing import Any

from django.core.management.base import BaseCommand

from core.search.index import rebuild_index
from core.search.kinds import all_kinds


class Command(BaseCommand):
    help = "Rebuild the search index. Safe to run repeatedly."

    def handle(self, *args: Any, **options: Any) -> None:
        for kind in all_kinds():
            count = rebuild_index(kind)
            self.stdout.write(f"{count} {kind.model._meta.verbose_name_plural} indexed.")
