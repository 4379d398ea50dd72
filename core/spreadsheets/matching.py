"""Finding the stored object that a row of a sheet describes."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

READ_TOGETHER = 50  # objects

Row = dict[str, Any]


class RowMatcher:
    """Finds objects by the slug in a row or, if it has none, by its identifier, then its title.

    `identifier` is a unique column such as a model number, or empty. `titles` are the columns of
    the title in all languages, the first that is filled counts. A row with an identifier that no
    object has only matches an object without one. `earlier` are the rows of earlier parts of the
    sheet, to which it adds its own: their numbers, by object or key.
    """

    def __init__(
        self,
        objects: QuerySet,
        dataset: tablib.Dataset,
        identifier: str,
        titles: list[str],
        earlier: dict[Any, int] | None = None,
        related: Iterable[str] = (),
    ) -> None:
        self._objects = objects
        self._identifier, self._titles = identifier, titles
        self._rows = {} if earlier is None else earlier
        self._related = tuple(related)
        headings = dataset.headers or []
        self._by_slug = self._find("slug", self._cells(dataset, headings, "slug"))
        self._by_identifier = self._find(
            identifier, self._cells(dataset, headings, identifier) if identifier else []
        )
        self._by_title = {
            title: self._find(title, self._cells(dataset, headings, title)) for title in titles
        }
        rows = (dict(zip(headings, row, strict=False)) for row in dataset)
        keys = (self._lookup(row)[2] for row in rows)
        self._order = list(dict.fromkeys(found[0] for found in keys if len(found) == 1))
        self._positions = {pk: position for position, pk in enumerate(self._order)}
        self._read: dict[Any, Model] = {}

    def find(self, row: Row, number: int) -> Model | None:
        """The object for the row with this number in the file, or None for a new one.

        Raises ValidationError if several objects have the title, or an earlier row is the same.
        """
        identifier = _text(row, self._identifier)
        title_field, key, found = self._lookup(row)
        if key[0] != "slug" and identifier and key[1] not in self._by_identifier:
            found = [pk for pk in found if not self._has_identifier(pk)]
        if len(found) > 1:
            text = _("Several items are named “%s”. Add the slug, which tells them apart.")
            raise ValidationError({title_field: text % _text(row, title_field)})
        if key[1]:
            self._check_first(found[0] if found else key, number)
        if identifier:
            self._check_first(("identifier", _key(identifier)), number)
        return self._get(found[0]) if found else None

    def forget(self) -> None:
        """Read the objects of the next rows again, since a transaction has ended."""
        self._read = {}

    def _lookup(self, row: Row) -> tuple[str, tuple[str, str], list[Any]]:
        """The column of the title, what identifies the object, and the keys of those that match."""
        slug, identifier = _text(row, "slug"), _text(row, self._identifier)
        title_field = next((title for title in self._titles if _text(row, title)), "")
        title = _key(_text(row, title_field))
        if slug:
            return title_field, ("slug", slug), self._by_slug.get(slug, [])
        if identifier and (found := self._by_identifier.get(_key(identifier), [])):
            return title_field, ("identifier", _key(identifier)), found
        found = self._by_title[title_field].get(title, []) if title else []
        key = ("identifier", _key(identifier)) if identifier else ("title", title)
        return title_field, key, found

    def _get(self, pk: Any) -> Model:
        """The object with this key, which is locked; those of the next rows are read as well."""
        if pk not in self._read:
            start = self._positions.get(pk)
            keys = [pk] if start is None else self._order[start : start + READ_TOGETHER]
            rows = self._objects.select_for_update(of=("self",)).order_by("pk")
            self._read = rows.prefetch_related(*self._related).in_bulk(keys)
        found = self._read.pop(pk, None)
        return self._objects.get(pk=pk) if found is None else found

    def is_identifier(self, text: str) -> bool:
        """Whether an object has this identifier, of those in the sheet."""
        return _key(text) in self._by_identifier

    def _check_first(self, key: Any, number: int) -> None:
        earlier = self._rows.setdefault(key, number)
        if earlier != number:
            text = _("This row describes the same item as row %(row)d.")
            raise ValidationError(text % {"row": earlier})

    def _has_identifier(self, pk: Any) -> bool:
        return self._objects.filter(pk=pk).exclude(**{self._identifier: ""}).exists()

    @staticmethod
    def _cells(dataset: tablib.Dataset, headings: list[str], column: str) -> set[str]:
        if column not in headings:
            return set()
        index = headings.index(column)
        return {str(row[index]).strip() for row in dataset if row[index] not in (None, "")}

    def _find(self, field: str, texts: Iterable[str]) -> dict[str, list[Any]]:
        """The keys of the objects by the text in `field`, in one query whatever the size."""
        texts = set(texts)
        found: dict[str, list[Any]] = defaultdict(list)
        if not texts:
            return found
        rows = self._objects.order_by().annotate(in_lower_case=Lower(field))
        # The database may only know the lower case of ASCII letters.
        wanted = Q(in_lower_case__in={text.lower() for text in texts}) | Q(
            **{f"{field}__in": texts}
        )
        for pk, text in rows.filter(wanted).values_list("pk", field):
            found[text if field == "slug" else _key(text)].append(pk)
        return found


def _text(row: Row, column: str) -> str:
    value = row.get(column) if column else None
    return "" if value is None else str(value).strip()


def _key(text: str) -> str:
    """A text without the differences of case and spacing."""
    return " ".join(text.split()).casefold()
