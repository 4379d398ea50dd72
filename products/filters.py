"""Filtering a list of products by a search and by specifications, with the choices to offer.

The filter is the query string of the list: `?q=jaw&spec=motor power=75 kw`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypedDict
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    Count,
    IntegerField,
    Max,
    Min,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf
from django.http import QueryDict
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname, resolution_order

from core.prepared_queries import prepared
from core.text.partial_search import search_parts
from core.text.search_query import clean_query
from products.models import Product, ProductQuerySet, Specification
from products.models.specification import MAX_NAME_LENGTH, MAX_VALUE_LENGTH
from products.queries import KEY, published_products
from products.search_text import comparison_key

MAX_CHOSEN_VALUES = 20
MAX_TOKEN_PART_LENGTH = 400  # characters of a name or value in the query string

# One more than a filtered list has pages for, so that it says that there are more.
MAX_MATCHES = 241

# A longer list has no facets until a category is chosen.
MAX_PRODUCTS_WITH_FACETS = 1_000
MAX_PAIRS = 500  # pairs of name and value that are considered for the facets
MAX_FACETS = 6
MAX_VALUES = 8


class Pair(TypedDict):
    """A name and value of a specification, with the number of products in the list that have it.

    `matching` counts only those that also match the rest of the filter. `name_text` and
    `value_text` are as typed for one of them. `is_chosen` is 1 or 0.
    """

    name_key: str
    value_key: str
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
    """A specification by which the list can be narrowed."""

    name: str
    choices: list[Choice]


class Chip(NamedTuple):
    """A condition of the filter, with the query string of the list without it."""

    name: str
    value: str
    query_string: str


class ProductFilter:
    """The search and the chosen specifications of a query string; invalid ones are ignored."""

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

    def __bool__(self) -> bool:
        return bool(self.search_parts or self.chosen)

    @property
    def tokens(self) -> list[str]:
        """The chosen values as the query string holds them."""
        return [f"{name}={value}" for name, values in self.chosen.items() for value in values]

    @property
    def query_string(self) -> str:
        """The query string of the list, without the question mark."""
        return self._query_string_without("")

    def _query_string_without(self, removed: str) -> str:
        search = [("q", self.search)] if self.search_parts else []
        return urlencode(search + [("spec", token) for token in self.tokens if token != removed])

    def chips(self, facets: list[Facet]) -> list[Chip]:
        """Each condition of the filter; `facets` are those of the same filter."""
        texts = {
            choice.token: (facet.name, choice.text)
            for facet in facets
            for choice in facet.choices
            if choice.is_chosen
        }
        chips = []
        if self.search_parts:
            without = urlencode([("spec", token) for token in self.tokens])
            chips.append(Chip("", self.search, without))
        for token in self.tokens:
            name, value = texts.get(token) or token.split("=", 1)
            chips.append(Chip(name, value, self._query_string_without(token)))
        return chips

    def apply(self, products: ProductQuerySet) -> ProductQuerySet:
        """The products that match the search and have a chosen value of each chosen name.

        Of a search that matches more than `MAX_MATCHES`, only so many are ranked. They are looked
        for here, once for all that is done with them.
        """
        products = products.with_specifications(self.chosen)
        if not self.search_parts:
            return products
        matches = products.matching(self.search_parts).order_by().values_list("pk", flat=True)
        return Product.objects.filter(pk__in=list(matches[:MAX_MATCHES])).order_by_relevance(
            self.search
        )

    def facets(self, categories: list[int] | None, *, is_long: bool) -> list[Facet]:
        """The specifications by which a list can be narrowed, of categories or of all products.

        None if more products match the filter than their paginator counts (`is_long`). The chosen
        specifications come first, then the most frequent ones. It takes one query, and another one
        for a filtered list.
        """
        if is_long:
            return []
        pairs: Iterable[Any] = _pairs_of_all(categories=categories)
        if self:
            products = published_products(categories)
            if products[MAX_PRODUCTS_WITH_FACETS:].exists():
                return []
            pairs = self._pairs_of_matches(products)
        by_name: dict[str, list[Pair]] = {}
        for pair in pairs:
            by_name.setdefault(pair["name_key"], []).append(pair)
        names = sorted(
            (name for name in by_name if len(by_name[name]) > 1 or name in self.chosen),
            key=lambda name: (
                name not in self.chosen,
                -sum(pair["total"] for pair in by_name[name]),
                len(by_name[name]),
            ),
        )[:MAX_FACETS]
        shown = {name: by_name[name][:MAX_VALUES] for name in names}
        return [
            Facet(
                pairs[0]["name_text"],
                [self._make_choice(pair) for pair in sorted(pairs, key=_value_order)],
            )
            for pairs in shown.values()
        ]

    def _pairs_of_matches(self, products: ProductQuerySet) -> QuerySet[Any, Any]:
        found = products.matching(self.search_parts)
        is_chosen = Q(pk__in=[])
        matches = Q(product__in=found.with_specifications(self.chosen)) & ~Q(
            name_key__in=list(self.chosen)
        )
        for name, values in self.chosen.items():
            # Another value of a chosen name widens the list instead of narrowing it.
            others = {key: chosen for key, chosen in self.chosen.items() if key != name}
            matches |= Q(name_key=name, product__in=found.with_specifications(others))
            is_chosen |= Q(name_key=name, value_key__in=values)
        return _pairs(products, matches, is_chosen)

    def _make_choice(self, pair: Pair) -> Choice:
        name, value = pair["name_key"], pair["value_key"]
        is_chosen = value in self.chosen.get(name, [])
        return Choice(pair["value_text"], f"{name}={value}", pair["matching"], is_chosen)


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
        .values("name_key", "value_key")
        .annotate(
            total=Count("product", distinct=True),
            matching=Count("product", distinct=True, filter=matches),
            name_text=_first_spelling("name"),
            value_text=_first_spelling("value"),
            is_chosen=Max(rank),
        )
    )
    return pairs.order_by("-is_chosen", "-total", "name_key", "value_key")[:MAX_PAIRS]


@prepared(categories=KEY)
def _pairs_of_all(categories: Any) -> QuerySet[Any, Any]:
    return _pairs(published_products(categories))


def _first_spelling(field: str) -> Min:
    """The first spelling of a text by the alphabet, in the active language or a fallback."""
    names = (
        build_localized_fieldname(field, code)
        for code in resolution_order(get_language() or settings.LANGUAGE_CODE)
    )
    filled = (NullIf(name, Value("")) for name in names)
    return Min(Coalesce(*filled, Value(""), output_field=CharField()))


def _value_order(pair: Pair) -> tuple:
    """A sort key that orders values by the numbers in them: 7.5 kW, 75 kW, 132 kW."""
    numbers = re.findall(r"\d+(?:\.\d+)?", pair["value_key"])
    return not numbers, [float(number) for number in numbers], pair["value_key"]
