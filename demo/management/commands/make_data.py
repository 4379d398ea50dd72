"""`manage.py make_data`: any number of articles, products and inquiries, to try their effect."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.bulk.maker import make_data
from demo.bulk.texts import LANGUAGES
from demo.loader import has_content

BAR_WIDTH = 40


class Command(BaseCommand):
    help = "Fill the database with made-up articles, products and inquiries in three languages."

    def add_arguments(self, parser: CommandParser) -> None:
        for name in ("articles", "products", "inquiries"):
            parser.add_argument(f"--{name}", type=int, default=0, metavar="N")
        parser.add_argument("--seed", type=int, default=1, help="another one makes other content")
        parser.add_argument(
            "--append", action="store_true", help="also if the site already has content"
        )

    def handle(
        self,
        *args: Any,
        articles: int,
        products: int,
        inquiries: int,
        seed: int,
        append: bool,
        **options: Any,
    ) -> None:
        if min(articles, products, inquiries) < 0 or not articles + products + inquiries:
            raise CommandError("Say how many: --articles, --products or --inquiries.")
        if missing := set(LANGUAGES) - set(settings.MODELTRANSLATION_LANGUAGES):
            codes = ", ".join(sorted(missing))
            raise CommandError(f"The content is in several languages: add {codes} to LANGUAGES.")
        if has_content() and not append:
            raise CommandError("The site already has content. To add to it, use --append.")
        make_data(
            articles=articles, products=products, inquiries=inquiries, seed=seed, report=self._show
        )
        self.stdout.write(
            f"Made {articles} articles, {products} products and {inquiries} inquiries."
        )

    def _show(self, step: str, done: int, total: int) -> None:
        """A progress bar on a terminal, otherwise a line for each finished step."""
        if self.stdout.isatty():
            bar = "#" * (BAR_WIDTH * done // total)
            self.stdout.write(f"\r{step:<12}[{bar:<{BAR_WIDTH}}] {done}/{total}", ending="")
        if done == total:
            self.stdout.write("" if self.stdout.isatty() else f"{step}: {done}")
