"""`manage.py import_products FILE --pictures FOLDER`: products from a CSV, XLSX or ZIP file."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from import_export.results import Result

from core.spreadsheets import CSV, XLSX, ZIP
from products.imported_pictures import NamedPictures, in_folder
from products.spreadsheets import ProductResource

FORMATS: dict[str, type[CSV | XLSX | ZIP]] = {".csv": CSV, ".xlsx": XLSX, ".zip": ZIP}


class Command(BaseCommand):
    help = (
        "Import products from a table as the admin exports it: all of them, or, where a cell is "
        "wrong, none. Pictures that the table names are taken from a folder, or from the ZIP file "
        "that the table lies in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a .csv, .xlsx or .zip file")
        parser.add_argument("--pictures", type=Path, help="the folder in which pictures lie")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(
        self, *args: Any, file: Path, pictures: Path | None, dry_run: bool, **options: Any
    ) -> None:
        if pictures and not pictures.is_dir():
            raise CommandError(f"{pictures} is no folder.")
        dataset = self._read(file)
        with translation.override(settings.LANGUAGE_CODE):
            resource = ProductResource(NamedPictures(in_folder(pictures) if pictures else None))
            result = resource.import_data(dataset, dry_run=True, use_transactions=True)
            self._refuse(result)
            if not dry_run:
                result = resource.import_data(
                    dataset, use_transactions=True, rollback_on_validation_errors=True
                )
                self._refuse(result)
        counts = result.totals
        done = "Would have made" if dry_run else "Made"
        self.stdout.write(
            self.style.SUCCESS(
                f"{done} {counts['new']} products and changed {counts['update']}; "
                f"{counts['skip']} stay as they are."
            )
        )

    def _read(self, file: Path) -> Any:
        kind = FORMATS.get(file.suffix.lower())
        if kind is None:
            raise CommandError(f"{file} is none of .csv, .xlsx, .zip.")
        try:
            return kind().create_dataset(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Exception as error:  # a broken table makes its readers raise almost anything
            raise CommandError(f"{file} is no {file.suffix[1:].upper()} table.") from error

    def _refuse(self, result: Result) -> None:
        """Name every wrong cell: rows are counted as a spreadsheet does, its head being 1."""
        wrong = [str(error.error) for error in result.base_errors]
        for number, errors in result.row_errors():
            wrong += [f"Row {number + 1}: {error.error}" for error in errors]
        for row in result.invalid_rows:
            for column, reasons in row.field_specific_errors.items():
                wrong.append(f"Row {row.number + 1}, column {column}: {' '.join(reasons)}")
            wrong += [f"Row {row.number + 1}: {reason}" for reason in row.non_field_specific_errors]
        if wrong:
            raise CommandError("\n".join(["Nothing was imported.", *wrong]))
