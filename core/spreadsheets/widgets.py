"""Reading and writing cells: texts, numbers, times, references to other tables."""

import re
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Field as ModelField
from django.db.models import Model, Q
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import (
    BooleanWidget,
    CharWidget,
    ForeignKeyWidget,
    IntegerWidget,
    ManyToManyWidget,
    Widget,
)
from modeltranslation.utils import build_localized_fieldname

from core.taxonomy import AbstractCategory
from core.text.amounts import parse_amount
from core.text.normalizing import to_plain_characters

MAX_WHOLE_NUMBER = 999_999_999
MAX_LISTED_CATEGORIES = 20

YES = {
    *(
        "1",
        "true",
        "yes",
        "y",
        "x",
        "✓",
        "✔",
        "是",
        "真",
        "نعم",
        "صحيح",
        "ja",
        "wahr",
        "oui",
        "vrai",
    ),
    *("да", "истина", "sí", "si", "verdadero", "sim", "verdadeiro", "evet", "doğru"),
}
NO = {
    *("", "0", "false", "no", "n", "-", "否", "假", "لا", "خطأ", "nein", "falsch", "non", "faux"),
    *("нет", "ложь", "falso", "não", "hayır", "yanlış"),
}

TIME_OF_DAY = r"(?:[T\s]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?)?"
YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?" + TIME_OF_DAY
)
DAY_FIRST = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})" + TIME_OF_DAY)
# The day or the month first, as the country has it.
SLASHES = re.compile(r"(?P<day>\d{1,2})[/-](?P<month>\d{1,2})[/-](?P<year>\d{4})" + TIME_OF_DAY)
MAX_TIME_LENGTH = 40

LIST_SEPARATOR = re.compile(r"[,;\n\r、，；،]")
LEVEL_SEPARATOR = re.compile(r"\s*(?:[-=–]?>|&gt;|&raquo;|[/»›→＞／\\|])+\s*")


class TextField(Field):
    """Text that is exported as an empty cell if it is missing."""

    def get_value(self, instance: Model, **kwargs: Any) -> Any:
        return super().get_value(instance, **kwargs) or ""


class WholeNumberWidget(IntegerWidget):
    """A whole number of up to nine digits, with separators of thousands; never rounded."""

    decimal_separator = "."

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        text = str("" if value is None else value).strip()
        if not text:
            return None
        amount = parse_amount(text, self.decimal_separator)
        if amount is None or amount > MAX_WHOLE_NUMBER or amount % 1:
            raise ValueError(_("“%s” is not a whole number.") % value)
        return int(amount)


class YesNoWidget(BooleanWidget):
    """Yes or no, in the words into which spreadsheet programs convert them; empty means no."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        text = str("" if value is None else value).strip().casefold().removesuffix(".0")
        if text not in YES | NO:
            raise ValueError(_("“%s” is not valid. Enter 1 or 0.") % value)
        return text in YES


class ChoiceWidget(CharWidget):
    """A choice by its value or by its label in any language of the site."""

    def __init__(self, field: ModelField, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.field = field

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = str("" if value is None else value).strip()
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                for choice, label in self.field.flatchoices:
                    if text.casefold() in (str(choice).casefold(), str(label).casefold()):
                        return choice
        return text


class TimeWidget(Widget):
    """`2021-03-02 09:02:31+08:00`; a time without an offset is in the active time zone.

    Dates as spreadsheet programs write them are read too, if their order is certain.
    """

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> datetime | None:
        if value in (None, ""):
            return None
        time = value if isinstance(value, datetime) else _parse_time(str(value))
        if time is None:
            raise ValueError(
                _(
                    "“%(value)s” is not a valid date and time. Use the format "
                    "2021-03-02 09:02:31+08:00."
                )
                % {"value": value}
            )
        return time if timezone.is_aware(time) else timezone.make_aware(time)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        if value is None:
            return ""
        return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")


def _parse_time(typed: str) -> datetime | None:
    text = to_plain_characters(typed[:MAX_TIME_LENGTH])
    with suppress(ValueError):
        if time := parse_datetime(text):
            return time
    for pattern in (YEAR_FIRST, DAY_FIRST, SLASHES):
        if not (found := pattern.fullmatch(text)):
            continue
        day, month = int(found["day"]), int(found["month"])
        if pattern is SLASHES and day != month:
            if day <= 12 and month <= 12:
                return None
            day, month = (day, month) if month <= 12 else (month, day)
        hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
        with suppress(ValueError):
            return datetime(int(found["year"]), month, day, hour, minute, second)
    return None


class CategoryWidget(ForeignKeyWidget):
    """A category by its slug, its name in any language, or its path: `Crushers > Jaw crushers`.

    A path can leave out the upper levels, if that leaves no doubt. Exported as the slug.
    """

    def __init__(self, model: type[AbstractCategory]) -> None:
        super().__init__(model, field="slug")
        self.reset()

    def reset(self) -> None:
        """Forget the categories, which are read again with the next cell."""
        self._categories: dict[int, AbstractCategory] = {}
        self._by_path: dict[str, set[int]] = {}
        self._by_end: dict[str, set[int]] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        typed = str("" if value is None else value).strip()
        if not typed:
            return None
        if not self._categories:
            self._read()
        key = _path_key(typed)
        found = self._by_path.get(key) or self._by_end.get(key) or set()
        if len(found) == 1:
            return self._categories[next(iter(found))]
        if found:
            text = _("Several categories have the name “%(found)s”. Enter one of: %(paths)s.")
            same = "; ".join(self._path(pk) for pk in sorted(found))
            raise ValueError(text % {"found": typed, "paths": same})
        text = _("No category is named “%(found)s”. Enter one of: %(paths)s.")
        paths = [self._path(pk) for pk in list(self._categories)[: MAX_LISTED_CATEGORIES + 1]]
        if len(paths) > MAX_LISTED_CATEGORIES:
            paths[-1] = "…"
        if not paths:
            raise ValueError(_("There are no categories yet. Add one first."))
        raise ValueError(text % {"found": typed, "paths": "; ".join(paths)})

    def _read(self) -> None:
        self._categories = {row.pk: row for row in self.model._default_manager.all()}
        by_path: dict[str, set[int]] = defaultdict(set)
        by_end: dict[str, set[int]] = defaultdict(set)
        for pk in self._categories:
            ancestors = self._ancestors(pk)
            by_path[_path_key(ancestors[-1].slug)].add(pk)
            for names in self._paths(ancestors):
                by_path[_path_key(">".join(names))].add(pk)
                for start in range(1, len(names)):
                    by_end[_path_key(">".join(names[start:]))].add(pk)
        self._by_path, self._by_end = by_path, by_end

    def _ancestors(self, pk: int) -> list[AbstractCategory]:
        """The category and those above it, from the top level down."""
        path: list[AbstractCategory] = []
        row = self._categories.get(pk)
        while row is not None and row not in path:
            path.insert(0, row)
            row = self._categories.get(row.parent_id or 0)
        return path

    @staticmethod
    def _paths(ancestors: list[AbstractCategory]) -> Iterable[list[str]]:
        yield [row.slug for row in ancestors]
        for code in settings.MODELTRANSLATION_LANGUAGES:
            field = build_localized_fieldname("name", code)
            yield [getattr(row, field) or row.name for row in ancestors]

    def _path(self, pk: int) -> str:
        return " > ".join(row.name for row in self._ancestors(pk))


def _path_key(text: str) -> str:
    """A path without the differences of case, spacing and separators."""
    return " ".join(LEVEL_SEPARATOR.sub(">", text).split()).casefold()


class ItemsWidget(ManyToManyWidget):
    """References to rows of another table, separated by commas: by slug, or by `other_fields`."""

    def __init__(self, model: type[Model], other_fields: Iterable[str]) -> None:
        super().__init__(model, separator=", ", field="slug")
        self.other_fields = list(other_fields)
        self._pending: set[str] = set()

    def add_pending(self, item: Model) -> None:
        """Accept references to an item that the check of an import has not stored."""
        names = (str(getattr(item, name) or "") for name in ("slug", *self.other_fields))
        self._pending.update(name.casefold() for name in names if name)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[Any]:
        parts = [text for part in LIST_SEPARATOR.split(str(value or "")) if (text := part.strip())]
        wanted = Q(slug__in=parts)
        for text in parts:
            for name in self.other_fields:
                wanted |= Q(**{f"{name}__iexact": text})
        by_name: dict[str, Any] = {}
        for found in self.model._default_manager.filter(wanted) if parts else []:
            for name in self.other_fields:
                by_name.setdefault(str(getattr(found, name) or "").casefold(), found)
            by_name[found.slug] = found
        items = []
        for text in parts:
            if item := by_name.get(text) or by_name.get(text.casefold()):
                items.append(item)
            elif text.casefold() not in self._pending:
                raise ValueError(
                    _("“%(found)s” is not known. Check its spelling, or add it first.")
                    % {"found": text}
                )
        return list(dict.fromkeys(items))
