"""Write the search index anew: after a bulk write past `save`, or a change of languages."""

from typing import Any

from django.core.management.base import BaseCommand

from news.models import Article
from news.search import index


class Command(BaseCommand):
    help = "Write the search index of the news anew. Run it as often as you like."

    def handle(self, *args: Any, **options: Any) -> None:
        numbers = Article.objects.order_by("pk").values_list("pk", flat=True)
        count = index.update(numbers.iterator(chunk_size=10_000))
        self.stdout.write(f"{count} articles indexed.")
