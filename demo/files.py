"""Reading the demo content: TOML files, pictures, and dates relative to today."""

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone
from modeltranslation.utils import build_localized_fieldname

from core.images import prepare_picture

DEMO_FOLDER = Path(__file__).parent

TRANSLATIONS = ("zh-hans", "ar")

Row = dict[str, Any]


def read_content(name: str) -> dict[str, Any]:
    """The content of `demo/content/<name>.toml`, with the texts in the languages of the site."""
    content = tomllib.loads((DEMO_FOLDER / "content" / f"{name}.toml").read_text())
    return {key: _in_languages_of_site(value) for key, value in content.items()}


def _in_languages_of_site(value: Any) -> Any:
    """Without texts in languages that the site does not have, and with the others as they are.

    A site without English has the English texts, which are without a suffix, in its first language
    unless they are translated into it.
    """
    if isinstance(value, list):
        return [_in_languages_of_site(each) for each in value]
    if not isinstance(value, dict):
        return value
    row = {name: _in_languages_of_site(each) for name, each in value.items()}
    codes = settings.MODELTRANSLATION_LANGUAGES
    for code in TRANSLATIONS:
        for name in [name for name in row if build_localized_fieldname(name, code) in row]:
            text = row[build_localized_fieldname(name, code)]
            if code not in codes or (code == codes[0] and "en" not in codes):
                del row[build_localized_fieldname(name, code)]
            if code == codes[0] and "en" not in codes:
                row[name] = text
    return row


def read_picture(name: str) -> ContentFile | None:
    """A file of `demo/pictures/`, prepared like an upload; None for an empty name."""
    if not name:
        return None
    with (DEMO_FOLDER / "pictures" / name).open("rb") as file:
        return prepare_picture(ContentFile(file.read(), name=name))


def create_by_slug(model: type[models.Model], rows: list[Row]) -> dict[str, Any]:
    """Create an object for each row, in their order; returns them by slug."""
    has_order = "order" in {field.name for field in model._meta.fields}
    return {
        row["slug"]: model._default_manager.create(**({"order": order} if has_order else {}) | row)
        for order, row in enumerate(rows, start=1)
    }


def days_ago(days: float) -> datetime:
    return timezone.now().replace(microsecond=0) - timedelta(days=days)


def with_dates(row: Row, today: date) -> Row:
    """Replace `begins_in_days` and `days` of a row with `first_day` and `last_day`."""
    first = today + timedelta(days=row.pop("begins_in_days"))
    return row | {"first_day": first, "last_day": first + timedelta(days=row.pop("days") - 1)}
