"""`manage.py import_wordpress FILE`: imports posts, pages and files of a WordPress site."""

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
        "Import a WordPress export (WXR, from Tools > Export): posts as articles, pages as flat"
        " pages, with categories, tags, files, and redirects from the old URLs. Items that were"
        " imported before are not changed. A damaged file changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the export file (.xml)")
        parser.add_argument(
            "--media", type=Path, help="a copy of wp-content/uploads with the files"
        )
        parser.add_argument(
            "--no-network", action="store_true", help="do not download files from the old site"
        )
        parser.add_argument(
            "--private-host",
            action="append",
            default=[],
            help="a host in a private network from which files may be downloaded",
        )
        parser.add_argument("--author", default="", help="use this author for all articles")
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
        download_file = partial(download, private_hosts=options["private_host"])
        import_options = ImportOptions(
            language=options["language"],
            author=options["author"],
            media=media,
            download=None if options["no_network"] else download_file,
            update=options["update"],
        )
        log = self.stdout.write if options["verbosity"] else lambda line: None
        try:
            report = import_site(file, import_options, log)
        except UnreadableExportError as error:
            raise CommandError(f"{error} Nothing was imported.") from error
        self.stdout.write("\n".join(report.lines()))
        self.stdout.write(self.style.SUCCESS("Import finished."))
