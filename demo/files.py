"""Reading the demo content: TOML files, pictures, and dates relative to today."""

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone

from core.images import prepare_picture

DEMO_FOLDER = Path(__file__).parent

Row = dict[str, Any]


def read_content(name: str) -> dict[str, Any]:
    """The content of `demo/content/<name>.toml`."""
    return tomllib.loads((DEMO_FOLDER / "content" / f"{name}.toml").read_text())


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
