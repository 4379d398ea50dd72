"""Importing a product sheet from a file, for the `import_products` command."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation

from core.spreadsheets.archives import ZIP
from core.spreadsheets.formats import CSV, XLSX
from core.spreadsheets.resources import ImportResult
from products.spreadsheets.fields import PictureSource
from products.spreadsheets.resource import ProductResource

FORMATS: dict[str, type[CSV | XLSX | ZIP]] = {".csv": CSV, ".xlsx": XLSX, ".zip": ZIP}


class SheetError(Exception):
    """A file cannot be imported; the message has one reason per line, in English."""


def read_sheet(file: Path) -> Any:
    """The sheet in a CSV, XLSX or ZIP file; raises SheetError if there is none."""
    sheet_format = FORMATS.get(file.suffix.lower())
    if sheet_format is None:
        raise SheetError(f"{file} is not a .csv, .xlsx or .zip file.")
    try:
        return sheet_format().create_dataset(file.read_bytes())
    except OSError as error:
        raise SheetError(f"{file} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        raise SheetError(" ".join(error.messages)) from error
    except Exception as error:  # the readers raise almost anything for a broken file
        raise SheetError(f"{file} is not a valid {file.suffix[1:].upper()} file.") from error


def import_products(
    sheet: Any, picture_source: PictureSource | None = None, *, dry_run: bool = False
) -> ImportResult:
    """Import all rows of a sheet; raises SheetError if a cell is invalid, and imports none."""
    with translation.override(settings.LANGUAGE_CODE):
        resource = ProductResource(picture_source)
        result = resource.import_data(sheet, dry_run=True, use_transactions=True)
        _raise_errors(result)
        if not dry_run:
            result = resource.import_data(
                sheet, use_transactions=True, rollback_on_validation_errors=True
            )
            _raise_errors(result)
    return result


def _raise_errors(result: ImportResult) -> None:
    """Raise SheetError with all errors, if there are any; the header is row 1."""
    errors = [*result.general_problems]
    for row, column, found, reason in result.problems:
        place = f"Row {row}, column {column}" if column else f"Row {row}"
        errors.append(f"{place}: {reason}" + (f" Found: “{found}”." if found else ""))
    if errors:
        raise SheetError("\n".join(["Nothing was imported.", *errors]))
