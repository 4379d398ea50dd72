"""Finding the stored object that a row of a sheet describes."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

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
    ) -> None:
        self._objects = objects
        self._identifier, self._titles = identifier, titles
        self._rows = {} if earlier is None else earlier
        headings = dataset.headers or []
        self._by_slug = self._find("slug", self._cells(dataset, headings, "slug"))
        self._by_identifier = self._find(
            identifier, self._cells(dataset, headings, identifier) if identifier else []
        )
        self._by_title = {
            title: self._find(title, self._cells(dataset, headings, title)) for title in titles
        }

    def find(self, row: Row, number: int) -> Model | None:
        """The object for the row with this number in the file, or None for a new one.

        Raises ValidationError if several objects have the title, or an earlier row is the same.
        """
        slug, identifier = _text(row, "slug"), _text(row, self._identifier)
        title_field = next((title for title in self._titles if _text(row, title)), "")
        title = _text(row, title_field)
        if slug:
            key, found = ("slug", slug), self._by_slug.get(slug, [])
        elif identifier and (found := self._by_identifier.get(_key(identifier), [])):
            key = ("identifier", _key(identifier))
        else:
            found = self._by_title[title_field].get(_key(title), []) if title else []
            if identifier:
                found = [pk for pk in found if not self._has_identifier(pk)]
            key = ("identifier", _key(identifier)) if identifier else ("title", _key(title))
        if len(found) > 1:
            text = _("Several items are named “%s”. Add the slug, which tells them apart.")
            raise ValidationError({title_field: text % title})
        if slug or identifier or title:
            self._check_first(found[0] if found else key, number)
        if identifier:
            self._check_first(("identifier", _key(identifier)), number)
        return self._objects.get(pk=found[0]) if found else None

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
