"""`manage.py import_wordpress FILE`: the posts, pages and pictures of a WordPress site."""

from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from news.wordpress.download import download
from news.wordpress.importer import ImportOptions, import_site
from news.wordpress.wxr import UnreadableExportError


class Command(BaseCommand):
    help = (
        "Import what WordPress exports under Tools, Export (WXR): posts as articles, pages as flat"
        " pages, with categories, tags, pictures, and redirects from their old addresses. What was"
        " imported before is left as it is. A damaged file changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the export")
        parser.add_argument(
            "--media", type=Path, help="a copy of wp-content/uploads, to take pictures from"
        )
        parser.add_argument(
            "--no-network", action="store_true", help="do not download images from the old site"
        )
        parser.add_argument(
            "--private-host",
            action="append",
            default=[],
            help="a host to fetch pictures from although it is not on the public network",
        )
        parser.add_argument("--author", default="", help="the author of every article")
        parser.add_argument(
            "--language",
            default=settings.LANGUAGE_CODE,
            choices=[code for code, _name in settings.LANGUAGES],
            help="language of the imported content (default: %(default)s)",
        )
        parser.add_argument(
            "--update", action="store_true", help="overwrite previously imported content"
        )

    def handle(self, *args: Any, file: Path, media: Path | None, **options: Any) -> None:
        if media and not media.is_dir():
            raise CommandError(f"{media} is not a folder.")
        from_network = partial(download, private_hosts=options["private_host"])
        import_options = ImportOptions(
            language=options["language"],
            author=options["author"],
            media=media,
            download=None if options["no_network"] else from_network,
            update=options["update"],
        )
        log = self.stdout.write if options["verbosity"] else lambda line: None
        try:
            report = import_site(file, import_options, log)
        except UnreadableExportError as error:
            raise CommandError(f"{error} Nothing was imported.") from error
        self.stdout.write("\n".join(report.lines()))
        self.stdout.write(self.style.SUCCESS("The import is done."))
