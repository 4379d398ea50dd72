"""`manage.py import_products FILE --pictures FOLDER`: products from a CSV, XLSX or ZIP file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from products.spreadsheets.fields import make_folder_source
from products.spreadsheets.importing import SheetError, import_products, read_sheet


class Command(BaseCommand):
    help = (
        "Import products from a sheet in the format of the admin's export. If a cell is invalid, "
        "nothing is imported. The pictures named in the sheet are read from a folder, or from the "
        "ZIP file that contains the sheet."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a .csv, .xlsx or .zip file")
        parser.add_argument("--pictures", type=Path, help="the folder with the pictures")
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would change, without saving"
        )

    def handle(
        self, *args: Any, file: Path, pictures: Path | None, dry_run: bool, **options: Any
    ) -> None:
        if pictures and not pictures.is_dir():
            raise CommandError(f"{pictures} is not a folder.")
        source = make_folder_source(pictures) if pictures else None
        try:
            result = import_products(read_sheet(file), source, dry_run=dry_run)
        except SheetError as error:
            raise CommandError(str(error)) from error
        counts = result.totals
        verb = "Would create" if dry_run else "Created"
        self.stdout.write(
            self.style.SUCCESS(
                f"{verb} {counts['new']} products and changed {counts['update']}; "
                f"{counts['skip']} unchanged."
            )
        )
