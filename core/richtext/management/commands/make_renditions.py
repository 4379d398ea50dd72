"""`manage.py make_renditions`: create renditions that an error or an import left missing."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from core.images import PictureField
from core.images.renditions import make_renditions


class Command(BaseCommand):
    help = "Create missing image renditions. Safe to run repeatedly."

    def handle(self, *args: Any, **options: Any) -> None:
        made = 0
        for model in apps.get_models():
            for field in model._meta.get_fields():
                if isinstance(field, PictureField):
                    rows = model._base_manager.exclude(**{field.name: ""}).iterator()
                    made += sum(make_renditions(getattr(row, field.name)) for row in rows)
        self.stdout.write(f"Renditions created: {made}")
