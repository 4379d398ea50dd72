"""Compares two versions of an article word by word, as plain text."""

from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import models
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext

from core.richtext.comparison import Change, compare_texts, html_to_text, is_same_markup
from core.richtext.fields import RichTextField
from core.time_zone import time_zone_name
from news.models import Article, Category, Tag
from news.models.version import Content, content_fields

NOT_COMPARED = {"cover_width", "cover_height"}


def compare_contents(before: Content, after: Content) -> list[Change]:
    """The changed fields, in the order of the model."""
    fields = sorted(_compared_fields(), key=lambda field: field.creation_counter)
    values = _ValueFormatter(before, after)
    changes = [
        _change(
            field.name, _label(field), values.format(field, before), values.format(field, after)
        )
        for field in fields
        if _differs(field, before, after)
    ]
    if before["tags"] != after["tags"]:
        tags = values.format_tags(before["tags"]), values.format_tags(after["tags"])
        changes.append(_change("tags", gettext("Tags"), *tags))
    return changes


def changed_labels(before: Content, after: Content) -> list[str]:
    """The labels of the changed fields."""
    labels = [_label(field) for field in _compared_fields() if _differs(field, before, after)]
    return [*labels, gettext("Tags")] if before["tags"] != after["tags"] else labels


def _compared_fields() -> list[Any]:
    fields = content_fields(Article.history.model)
    return [field for field in fields if field.name not in NOT_COMPARED]


def _differs(field: Any, before: Content, after: Content) -> bool:
    old, new = before.get(field.name) or "", after.get(field.name) or ""
    return old != new and not (isinstance(field, RichTextField) and is_same_markup(old, new))


def _label(field: Any) -> str:
    own: Any = Article._meta.get_field(field.name)
    return capfirst(str(own.verbose_name))


def _change(name: str, label: str, before: str, after: str) -> Change:
    pictures = (_picture_url(before), _picture_url(after)) if name == "cover" else None
    return compare_texts(label, before, after, pictures)


def _picture_url(name: str) -> str:
    return default_storage.url(name) if name else ""


class _ValueFormatter:
    """Formats values for editors; loads the names of categories and of tags in one query each."""

    def __init__(self, *contents: Content) -> None:
        categories = {content.get("category") for content in contents} - {None}
        tags = {pk for content in contents for pk in content["tags"]}
        self.categories = Category.objects.in_bulk(categories) if len(categories) else {}
        self.tag_names = Tag.objects.in_bulk(tags) if tags else {}

    def format(self, field: Any, content: Content) -> str:
        value = content.get(field.name)
        if value is None or value == "":
            return ""
        if isinstance(field, RichTextField):
            return html_to_text(value)
        if isinstance(field, models.ForeignKey):
            return str(self.categories.get(value, gettext("deleted")))
        if isinstance(field, models.BooleanField):
            return gettext("Yes") if value else gettext("No")
        if isinstance(field, models.DateTimeField):
            return _format_time(parse_datetime(value))
        return str(value)

    def format_tags(self, tag_ids: list[int]) -> str:
        return ", ".join(str(self.tag_names.get(pk, gettext("deleted"))) for pk in tag_ids)


def _format_time(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{formats.date_format(local, 'Y-m-d H:i:s')} ({time_zone_name()})"
