"""`manage.py rebuild_search`: for changes that bypass `save`, or new LANGUAGES."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Model

from core.search.index import rebuild_index, rebuilds
from core.search.kinds import all_kinds


class Command(BaseCommand):
    help = "Rebuild all texts in which the site and the admin search. Safe to run repeatedly."

    def handle(self, *args: Any, **options: Any) -> None:
        for kind in all_kinds():
            self._report(kind.model, rebuild_index(kind))
        for model, rebuild in rebuilds.items():
            self._report(model, rebuild())

    def _report(self, model: type[Model], count: int) -> None:
        self.stdout.write(f"{count} {model._meta.verbose_name_plural} indexed.")
