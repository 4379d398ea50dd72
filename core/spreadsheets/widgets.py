"""Reading and writing cells: texts, times, references to other tables."""

from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import ForeignKeyWidget, ManyToManyWidget, Widget


class TextField(Field):
    """Text that is exported as an empty cell if it is missing."""

    def get_value(self, instance: Model, **kwargs: Any) -> Any:
        return super().get_value(instance, **kwargs) or ""


class TimeWidget(Widget):
    """`2021-03-02 09:02:31+08:00`; a time without an offset is in the time zone of the site."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> datetime | None:
        if value in (None, ""):
            return None
        try:
            time = value if isinstance(value, datetime) else parse_datetime(str(value).strip())
        except ValueError:
            time = None
        if time is None:
            raise ValueError(
                _(
                    "“%(value)s” is not a valid date and time. Use the format "
                    "2021-03-02 09:02:31+08:00."
                )
                % {"value": value}
            )
        zone = timezone.get_default_timezone()
        return time if timezone.is_aware(time) else timezone.make_aware(time, zone)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        if value is None:
            return ""
        local = timezone.localtime(value, timezone.get_default_timezone())
        return local.isoformat(sep=" ", timespec="seconds")


class SlugWidget(ForeignKeyWidget):
    """A reference to a row of another table by its slug."""

    def __init__(self, model: type[Model]) -> None:
        super().__init__(model, field="slug")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        try:
            return super().clean(value, row, **kwargs)
        except self.model.DoesNotExist as error:
            raise ValueError(_("No category with the slug “%s”.") % value) from error


class SlugsWidget(ManyToManyWidget):
    """References to rows of another table by their slugs, separated by commas."""

    def __init__(self, model: type[Model]) -> None:
        super().__init__(model, separator=", ", field="slug")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[Any]:
        slugs = [slug for part in str(value or "").split(",") if (slug := part.strip())]
        found = {row.slug: row for row in self.model._default_manager.filter(slug__in=slugs)}
        for slug in slugs:
            if slug not in found:
                raise ValueError(_("No item with the slug “%s”.") % slug)
        return [found[slug] for slug in slugs]
