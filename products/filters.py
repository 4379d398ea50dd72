"""Filtering a list of products by a search and by specifications, with the choices to offer.

The filter is the query string of the list: `?q=jaw&spec=drive=electric&min:motor power:kW=75`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple, TypedDict
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Case, Count, IntegerField, Max, Min, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import get_language

from core.prepared_queries import prepared
from core.search.kinds import kind_of
from core.search.models import MAX_CANDIDATES
from core.search.ranking import search
from core.search.synonyms import read_query
from core.text.partial_search import search_parts
from core.text.search_query import clean_query
from products.measurements import parse_measurement
from products.models import Product, ProductQuerySet, Specification
from products.models.specification import MAX_NAME_LENGTH, MAX_VALUE_LENGTH
from products.queries import KEY, published_products
from products.ranges import (
    NumberKey,
    NumberRange,
    read_ranges,
    show_number,
    suggest_numbers,
)
from products.search_text import comparison_key
from products.sorting import SortChoice, Sorting, read_sorting, shown_text, sort_choices
from products.units import NO_UNIT, UNITS, Unit

MAX_CHOSEN_VALUES = 20
MAX_TOKEN_PART_LENGTH = 400  # characters of a name or value in the query string

# One more than a filtered list has pages for, so that it says that there are more.
MAX_MATCHES = 241

# A longer list has no facets until a category is chosen.
MAX_PRODUCTS_WITH_FACETS = 1_000
MAX_PAIRS = 2_000  # pairs of name and value that are considered for the facets
MAX_FACETS = 6
MAX_VALUES = 24
MAX_VALUES_AT_ONCE = 6  # the others are collapsed
MIN_VALUES_OF_RANGE = 3  # numbers with a unit; two are offered as choices
MAX_PLAIN_NUMBERS = 8  # numbers without a unit that are offered as choices


class Pair(TypedDict):
    """A name and value of a specification, with the number of products in the list that have it.

    `matching` counts only those that also match the rest of the filter. `name_text` and
    `value_text` are as typed for one of them. `is_chosen` is 1 or 0. A value without a number has
    no `unit` and neither end.
    """

    name_key: str
    value_key: str
    unit: str
    minimum: Decimal | None
    maximum: Decimal | None
    total: int
    matching: int
    name_text: str
    value_text: str
    is_chosen: int


@dataclass
class Choice:
    """A value of a facet; `products` is how many products the list would have with it."""

    text: str
    token: str
    products: int
    is_chosen: bool


@dataclass
class Facet:
    """A specification with values by which the list can be narrowed."""

    name: str
    choices: list[Choice]

    @property
    def first_choices(self) -> list[Choice]:
        """The choices that are shown at once."""
        return [choice for choice, is_first in self._placed if is_first]

    @property
    def more_choices(self) -> list[Choice]:
        """The choices that are collapsed."""
        return [choice for choice, is_first in self._placed if not is_first]

    @property
    def _placed(self) -> list[tuple[Choice, bool]]:
        most = sorted(self.choices, key=lambda choice: (not choice.is_chosen, -choice.products))
        first = {choice.token for choice in most[:MAX_VALUES_AT_ONCE]}
        return [(choice, choice.token in first) for choice in self.choices]


@dataclass
class Suggestion:
    """A link to the list with at least a number; `products` is how many it would have."""

    text: str
    query_string: str
    products: int


@dataclass
class RangeFacet:
    """A specification with numbers, of which a visitor types the least and the most.

    `products` is how many the list has with the range, or with any number.
    """

    name: str
    range: NumberRange
    lowest: str = ""
    highest: str = ""
    products: int = 0
    suggestions: list[Suggestion] = field(default_factory=list)

    @property
    def key(self) -> NumberKey:
        return self.range.key

    @property
    def unit(self) -> Unit:
        return self.range.unit

    @property
    def is_chosen(self) -> bool:
        return bool(self.range.parameters)

    @property
    def ends(self) -> list[tuple[str, str]]:
        """The parameters of the two ends with their numbers as the query string holds them."""
        numbers = dict(self.range.parameters)
        names = (self.range.parameter("min"), self.range.parameter("max"))
        return [(name, numbers.get(name, "")) for name in names]


class Chip(NamedTuple):
    """A condition of the filter, with the query string of the list without it."""

    name: str
    value: str
    query_string: str


class ProductFilter:
    """The search, the chosen specifications and the order of a query string.

    Invalid ones are ignored.
    """

    def __init__(self, query: QueryDict) -> None:
        self.search = clean_query(query.get("q", ""))
        self.search_parts = search_parts(self.search)
        self.chosen: dict[str, list[str]] = {}
        for token in dict.fromkeys(query.getlist("spec")[:MAX_CHOSEN_VALUES]):
            name, _, value = token.partition("=")
            name = comparison_key(name[:MAX_TOKEN_PART_LENGTH], MAX_NAME_LENGTH)
            value = comparison_key(value[:MAX_TOKEN_PART_LENGTH], MAX_VALUE_LENGTH)
            if name and value and value not in self.chosen.setdefault(name, []):
                self.chosen[name].append(value)
        self.ranges = read_ranges(query)
        self.sorting = read_sorting(query.get("sort", ""))
        self._is_short: bool | None = None
        self._texts: dict[str, tuple[str, str]] = {}  # of the tokens, as typed

    def __bool__(self) -> bool:
        return bool(self.search_parts or self.chosen or self.ranges)

    @property
    def has_specifications(self) -> bool:
        return bool(self.chosen or self.ranges)

    @property
    def tokens(self) -> list[str]:
        """The chosen values as the query string holds them."""
        return [f"{name}={value}" for name, values in self.chosen.items() for value in values]

    @property
    def query_string(self) -> str:
        """The query string of the list, without the question mark."""
        return self._query_string()

    def _query_string(
        self,
        *,
        with_search: bool = True,
        without_token: str = "",
        ranges: Iterable[NumberRange] | None = None,
    ) -> str:
        pairs = [("q", self.search)] if self.search_parts and with_search else []
        pairs += [("spec", token) for token in self.tokens if token != without_token]
        for one in self.ranges.values() if ranges is None else ranges:
            pairs += one.parameters
        if self.sorting:
            pairs.append(("sort", self.sorting.value))
        return urlencode(pairs)

    def _query_string_with(self, one: NumberRange) -> str:
        return self._query_string(ranges=(self.ranges | {one.key: one}).values())

    def chips(self, facets: Sequence[Facet | RangeFacet]) -> list[Chip]:
        """Each condition of the filter; `facets` are those of the same filter."""
        names = {facet.key: facet.name for facet in facets if isinstance(facet, RangeFacet)}
        chips = []
        if self.search_parts:
            chips.append(Chip("", self.search, self._query_string(with_search=False)))
        for token in self.tokens:
            name, value = self._texts.get(token) or token.split("=", 1)
            chips.append(Chip(name, value, self._query_string(without_token=token)))
        for key, one in self.ranges.items():
            others = [other for other in self.ranges.values() if other != one]
            name = names.get(key, key.name)
            chips.append(Chip(name, one.text, self._query_string(ranges=others)))
        return chips

    def sort_choices(
        self, facets: Sequence[Facet | RangeFacet], *, is_short: bool
    ) -> list[SortChoice]:
        """The orders to offer, with the chosen one; `facets` are those of the same filter."""
        ranges = [facet for facet in facets if isinstance(facet, RangeFacet)]
        numbers = [(facet.name, facet.key, facet.unit) for facet in ranges]
        key, unit = self.sorting.key, self.sorting.unit
        if key and unit and (key, unit) not in [one[1:] for one in numbers]:
            numbers.append((key.name, key, unit))
        return sort_choices(numbers, is_short=is_short)

    def is_short(self, categories: list[int] | None, *, has_more: bool) -> bool:
        """Whether the list has facets and can be sorted by anything.

        `has_more` says that more products match the filter than their paginator counts.
        """
        return not has_more and (not self or self.has_short_list(categories))

    def select(self, categories: list[int] | None) -> ProductQuerySet:
        """The published products that the filter selects, of categories or of all, in its order.

        A list that is too long to be sorted stays in the order of the catalogue.
        """
        products = self._apply(published_products(categories))
        if self.sorting.needs_short_list and not self.has_short_list(categories):
            self.sorting = Sorting()
        return self.sorting.apply(products)

    def has_short_list(self, categories: list[int] | None) -> bool:
        """Whether the unfiltered list is short enough to have facets and to be sorted."""
        if self._is_short is None:
            products = published_products(categories)
            self._is_short = not products[MAX_PRODUCTS_WITH_FACETS:].exists()
        return self._is_short

    def _apply(self, products: ProductQuerySet) -> ProductQuerySet:
        """The products that match the search, and each chosen specification.

        Of a search that matches more than `MAX_MATCHES`, only so many are ranked. They are looked
        for here, once for all that is done with them. So are the products with a number, if they
        are few: a database expects many and would look for them in the order of the catalogue.
        """
        products = products.with_specifications(self.chosen).with_numbers(self.ranges.values())
        if not self.search_parts:
            if not self.ranges:
                return products
            found = list(products.order_by().values_list("pk", flat=True)[:MAX_MATCHES])
            return products if len(found) == MAX_MATCHES else Product.objects.filter(pk__in=found)
        matches = self._find(products).order_by().values_list("pk", flat=True)
        ranked = Product.objects.filter(pk__in=list(matches[:MAX_MATCHES]))
        return ranked.order_by_relevance(self.search, self._best)

    @cached_property
    def _best(self) -> list[int]:
        """The products that the search of the site finds, the best first; none if too many."""
        kind = kind_of(Product)
        found = search(read_query(self.search), get_language() or "", [kind])
        if found.counts.get(kind, 0) >= MAX_CANDIDATES:
            return []
        return [result.object_id for result in found.results]

    def _find(self, products: ProductQuerySet) -> ProductQuerySet:
        """Those that the search of the site finds, else those with the words anywhere in a text."""
        if self.search_parts and self._best:
            return products.filter(pk__in=self._best)
        return products.matching(self.search_parts)

    def facets(self, categories: list[int] | None) -> list[Facet | RangeFacet]:
        """The specifications by which a short list can be narrowed, of categories or of all.

        The chosen specifications come first, then the most frequent ones. It takes one query, and
        another one if there are numbers.
        """
        products = found = published_products(categories)
        pairs: list[Any]
        if self:
            found = self._find(products)
            pairs = list(self._pairs_of_matches(products, found))
        else:
            pairs = list(_pairs_of_all(categories=categories))
        self._texts = {
            _token(pair): (pair["name_text"], pair["value_text"])
            for pair in pairs
            if self._is_chosen(pair)
        }
        groups = sorted(self._group(pairs).items(), key=self._group_order)[:MAX_FACETS]
        facets = [self._make_facet(key, group) for key, group in groups]
        ranges = [facet for facet in facets if isinstance(facet, RangeFacet)]
        if ranges:
            self._count(ranges, found)
        return facets

    def _group(self, pairs: Iterable[Pair]) -> dict[str | NumberKey, list[Pair]]:
        """The pairs of each facet, by the name of choices or the key of a range."""
        choices: dict[str, list[Pair]] = {}
        numbers: dict[NumberKey, list[Pair]] = {}
        for pair in pairs:
            has_number = pair["minimum"] is not None or pair["maximum"] is not None
            if has_number:
                numbers.setdefault(NumberKey(pair["name_key"], pair["unit"]), []).append(pair)
            else:
                choices.setdefault(pair["name_key"], []).append(pair)
        groups: dict[str | NumberKey, list[Pair]] = {}
        for key, group in numbers.items():
            least = MIN_VALUES_OF_RANGE if key.base else MAX_PLAIN_NUMBERS + 1
            if len(group) >= least or key in self.ranges:
                groups[key] = group
            else:
                choices.setdefault(key.name, []).extend(group)
        for name, group in choices.items():
            if len(group) > 1 or name in self.chosen:
                groups[name] = group
        return groups

    def _group_order(self, item: tuple[str | NumberKey, list[Pair]]) -> tuple[Any, ...]:
        """The chosen ones first, then those of the most products."""
        key, group = item
        is_chosen = key in (self.ranges if isinstance(key, NumberKey) else self.chosen)
        return not is_chosen, -sum(pair["total"] for pair in group), len(group)

    def _make_facet(self, key: str | NumberKey, pairs: list[Pair]) -> Facet | RangeFacet:
        first = pairs[0]
        if isinstance(key, NumberKey):
            return RangeFacet(
                first["name_text"],
                self.ranges.get(key) or NumberRange(key, _typed_unit(first)),
            )
        most = sorted(pairs, key=lambda pair: (-pair["is_chosen"], -pair["total"]))[:MAX_VALUES]
        choices = [self._make_choice(pair) for pair in sorted(most, key=_value_order)]
        return Facet(first["name_text"], choices)

    def _matches_without(self, found: ProductQuerySet, removed: str | NumberKey) -> ProductQuerySet:
        """The products of a search that match the filter without one specification."""
        chosen = {name: values for name, values in self.chosen.items() if name != removed}
        ranges = [one for key, one in self.ranges.items() if key != removed]
        return found.with_specifications(chosen).with_numbers(ranges)

    def _pairs_of_matches(
        self, products: ProductQuerySet, found: ProductQuerySet
    ) -> QuerySet[Any, Any]:
        """The pairs of `products`, of which a search has `found` some."""
        is_chosen = Q(pk__in=[])
        matches = Q(product__in=self._matches_without(found, "")) & ~Q(
            name_key__in=list(self.chosen)
        )
        for name, values in self.chosen.items():
            # Another value of a chosen name widens the list instead of narrowing it.
            matches |= Q(name_key=name, product__in=self._matches_without(found, name))
            is_chosen |= Q(name_key=name, value_key__in=values)
        return _pairs(products, matches, is_chosen)

    def _count(self, facets: Iterable[RangeFacet], found: ProductQuerySet) -> None:
        """Count the products of each range, and of those that can be suggested, in one query.

        `found` are the products of the search, or all of the list.
        """
        wanted = Q(pk__in=[])
        for facet in facets:
            one = Q(name_key=facet.key.name, unit=facet.key.base)
            if self:
                one &= Q(product__in=self._matches_without(found, facet.key))
            wanted |= one
        has_number = Q(minimum__isnull=False) | Q(maximum__isnull=False)
        rows = Specification.objects.order_by().filter(wanted, has_number)
        if not self:
            rows = rows.filter(product__in=found)
        numbers: dict[NumberKey, list[Numbers]] = {}
        columns = ("name_key", "unit", "product", "minimum", "maximum")
        for name, unit, product, minimum, maximum in rows.values_list(*columns):
            row = Numbers(product, minimum, maximum)
            numbers.setdefault(NumberKey(name, unit), []).append(row)
        for facet in facets:
            self._describe(facet, numbers.get(facet.key, []))

    def _describe(self, facet: RangeFacet, numbers: list["Numbers"]) -> None:
        facet.products = _count_products(facet.range, numbers)
        ends = [end for row in numbers for end in row[1:] if end is not None]
        if not ends:
            return
        unit = facet.unit
        facet.lowest, facet.highest = (
            show_number(unit.from_base(end)) for end in (min(ends), max(ends))
        )
        every = len({row.product for row in numbers})
        highest = [row.minimum if row.maximum is None else row.maximum for row in numbers]
        for number in suggest_numbers([end for end in highest if end is not None], unit):
            at_least = replace(facet.range, at_least=number, at_most=None)
            count = _count_products(at_least, numbers)
            if count < every and at_least != facet.range:
                text = show_number(unit.from_base(number))
                query_string = self._query_string_with(at_least)
                facet.suggestions.append(Suggestion(text, query_string, count))

    def _is_chosen(self, pair: Pair) -> bool:
        return pair["value_key"] in self.chosen.get(pair["name_key"], [])

    def _make_choice(self, pair: Pair) -> Choice:
        is_chosen = self._is_chosen(pair)
        return Choice(pair["value_text"], _token(pair), pair["matching"], is_chosen)


class Numbers(NamedTuple):
    """The number or range of a product, in the base unit."""

    product: int
    minimum: Decimal | None
    maximum: Decimal | None


def _count_products(one: NumberRange, numbers: Iterable[Numbers]) -> int:
    return len({row.product for row in numbers if one.includes(row.minimum, row.maximum)})


def _token(pair: Pair) -> str:
    return f"{pair['name_key']}={pair['value_key']}"


def _typed_unit(pair: Pair) -> Unit:
    """The unit in which most products state the number."""
    found = parse_measurement(pair["value_text"], pair["name_text"], settings.LANGUAGE_CODE)
    is_same = found is not None and found.unit.base == pair["unit"]
    return found.unit if found and is_same else UNITS.get(pair["unit"], NO_UNIT)


def _pairs(
    products: ProductQuerySet, matches: Q | None = None, is_chosen: Q | None = None
) -> QuerySet[Any, Any]:
    """The pairs of `products`: the chosen ones first, then the most frequent ones."""
    rank = Case(
        When(is_chosen or Q(pk__in=[]), then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    specifications = Specification.objects.filter(product__in=products).exclude(name_key="")
    pairs = (
        specifications.order_by()
        .values("name_key", "value_key", "unit")
        .annotate(
            total=Count("product", distinct=True),
            matching=Count("product", distinct=True, filter=matches),
            minimum=Min("minimum"),
            maximum=Max("maximum"),
            name_text=Min(shown_text("name")),  # the first spelling by the alphabet
            value_text=Min(shown_text("value")),
            is_chosen=Max(rank),
        )
    )
    return pairs.order_by("-is_chosen", "-total", "name_key", "value_key")[:MAX_PAIRS]


@prepared(categories=KEY)
def _pairs_of_all(categories: Any) -> QuerySet[Any, Any]:
    return _pairs(published_products(categories))


def _value_order(pair: Pair) -> tuple:
    """A sort key that orders values by the numbers in them: 7.5 kW, 75 kW, 132 kW."""
    numbers = re.findall(r"\d+(?:\.\d+)?", pair["value_key"])
    return not numbers, [float(number) for number in numbers], pair["value_key"]
