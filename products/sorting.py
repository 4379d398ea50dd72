"""The order of a list of products, chosen by its query string: `?sort=up:weight:t`."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import get_language, gettext
from modeltranslation.utils import build_localized_fieldname, resolution_order

from products.models import ProductQuerySet, Specification
from products.ranges import MAX_PARAMETER_LENGTH, NumberKey, read_key
from products.units import Unit

NAME, NEWEST = "name", "newest"
UP, DOWN = "up", "down"


class SortChoice(NamedTuple):
    """An order that a list offers, with its value in the query string."""

    value: str
    text: str


@dataclass(frozen=True)
class Sorting:
    """An order of products. `kind` is empty for that of the catalogue; `key` is for UP and DOWN."""

    kind: str = ""
    key: NumberKey | None = None
    unit: Unit | None = None

    def __bool__(self) -> bool:
        return bool(self.kind)

    @property
    def value(self) -> str:
        """The value in the query string."""
        return sort_value(self.kind, self.key, self.unit) if self.key and self.unit else self.kind

    @property
    def needs_short_list(self) -> bool:
        """Whether no index has this order, so that all products of the list are sorted."""
        return self.kind not in ("", NEWEST)

    def apply(self, products: ProductQuerySet) -> ProductQuerySet:
        if self.kind == NEWEST:
            return products.order_by("-pk")
        if self.kind == NAME:
            return products.order_by(Lower(shown_text("name")), "pk")
        if self.key is None:
            return products
        ends = ("minimum", "maximum") if self.kind == UP else ("maximum", "minimum")
        number = Coalesce(*ends)
        order = number.asc() if self.kind == UP else number.desc()
        rows = Specification.objects.filter(product=OuterRef("pk"))
        numbers = rows.with_number(*self.key).order_by(order).values_list(number)[:1]
        products = products.annotate(sorted_number=Subquery(numbers))
        found = F("sorted_number")
        by_number = found.asc if self.kind == UP else found.desc
        return products.order_by(by_number(nulls_last=True), "order", "pk")


def read_sorting(value: str) -> Sorting:
    """The order in a query string; that of the catalogue for an invalid one."""
    if value in (NAME, NEWEST):
        return Sorting(value)
    kind, _colon, rest = value[:MAX_PARAMETER_LENGTH].partition(":")
    name, _colon, symbol = rest.rpartition(":")
    found = read_key(name, symbol)
    return Sorting(kind, *found) if kind in (UP, DOWN) and found else Sorting()


def sort_value(kind: str, key: NumberKey, unit: Unit) -> str:
    return f"{kind}:{key.name}:{unit.symbol}"


def sort_choices(numbers: list[tuple[str, NumberKey, Unit]], *, is_short: bool) -> list[SortChoice]:
    """The orders that a list offers; `numbers` are the specifications of a short one."""
    choices = [SortChoice("", gettext("Recommended")), SortChoice(NEWEST, gettext("Newest"))]
    if is_short:
        choices.append(SortChoice(NAME, gettext("Name")))
    for name, key, unit in numbers:
        for kind, text in (
            (UP, gettext("%(name)s: low to high")),
            (DOWN, gettext("%(name)s: high to low")),
        ):
            choices.append(SortChoice(sort_value(kind, key, unit), text % {"name": name}))
    return choices


def shown_text(field: str) -> Coalesce:
    """The text of a translated field in the active language or, if it is empty, a fallback."""
    codes = resolution_order(get_language() or settings.LANGUAGE_CODE)
    names = (build_localized_fieldname(field, code) for code in codes)
    filled: list[Any] = [NullIf(name, Value("")) for name in names]
    return Coalesce(*filled, Value(""), output_field=CharField())
