"""What a visitor narrows a list of products to, and what it can be narrowed to further.

All of it stands in the list's address: `?q=jaw&spec=motor power=75 kw`.
"""

import re
from dataclasses import dataclass
from typing import TypedDict, cast
from urllib.parse import urlencode

from django.db.models import Case, Count, IntegerField, Max, Min, Q, Value, When
from django.http import QueryDict

from core.text.search_query import MAX_TERMS, QueryPart, clean_query, split_query
from products.models import ProductQuerySet, Specification
from products.texts import key, searchable

MOST_CHOSEN = 20  # values at once

MOST_PRODUCTS = 2_000  # in a list that is to be narrowed by more than words and category
MOST_PAIRS = 500  # of a name and a value that are looked at
MOST_NAMES = 6
MOST_VALUES = 8


class Pair(TypedDict):
    """A name and a value, and how often they occur."""

    name_key: str
    value_key: str
    total: int
    left: int
    line: int
    picked: int


@dataclass
class Choice:
    """One value that a specification may have."""

    text: str
    token: str
    products: int
    is_chosen: bool


@dataclass
class Facet:
    """A specification by which the list can be narrowed."""

    name: str
    choices: list[Choice]


class Filter:
    """What the address asks for. Whatever stands there, it is no error."""

    def __init__(self, query: QueryDict) -> None:
        self.asked = clean_query(query.get("q", ""))
        self.words = _searchable_parts(self.asked)
        self.chosen: dict[str, list[str]] = {}
        for token in dict.fromkeys(query.getlist("spec")[:MOST_CHOSEN]):
            name, _, value = token.partition("=")
            name, value = key(name[:400], 100), key(value[:400], 200)
            if name and value and value not in self.chosen.setdefault(name, []):
                self.chosen[name].append(value)

    def __bool__(self) -> bool:
        return bool(self.words or self.chosen)

    @property
    def tokens(self) -> list[str]:
        return [f"{name}={value}" for name, values in self.chosen.items() for value in values]

    @property
    def state(self) -> str:
        """The filter as the end of an address, without its question mark."""
        return self.without("")

    def without(self, dropped: str) -> str:
        """The end of an address that has all of this but one token."""
        asked = [("q", self.asked)] if self.words else []
        return urlencode(asked + [("spec", token) for token in self.tokens if token != dropped])

    def chips(self, facets: list[Facet]) -> list[dict[str, str]]:
        """Each thing that was chosen, with the end of the address that is without it."""
        chosen = {
            choice.token: (facet.name, choice.text)
            for facet in facets
            for choice in facet.choices
            if choice.is_chosen
        }
        chips = []
        if self.words:
            without = urlencode([("spec", token) for token in self.tokens])
            chips.append({"name": "", "value": self.asked, "state": without})
        for token in self.tokens:
            name, value = chosen.get(token) or token.split("=", 1)
            chips.append({"name": name, "value": value, "state": self.without(token)})
        return chips

    def narrow(self, products: ProductQuerySet) -> ProductQuerySet:
        """Those of `products` that have all the words and one chosen value of each name."""
        if self.words:
            products = products.matching(self.words).best_first(self.asked)
        return products.having(self.chosen)

    def facets(self, products: ProductQuerySet) -> list[Facet]:
        """What `products` can be narrowed by: the names that most of them have.

        Beside each value stands how many products it would leave, the other choices kept. However
        many products there are, it takes three queries; of very many, nothing is offered before a
        category is chosen.
        """
        if products[MOST_PRODUCTS:].exists():
            return []
        by_name: dict[str, list[Pair]] = {}
        for pair in self._pairs(products):
            by_name.setdefault(pair["name_key"], []).append(pair)
        names = sorted(
            (name for name in by_name if len(by_name[name]) > 1 or name in self.chosen),
            key=lambda name: (
                name not in self.chosen,
                -sum(pair["total"] for pair in by_name[name]),
                len(by_name[name]),
            ),
        )[:MOST_NAMES]
        shown = {name: by_name[name][:MOST_VALUES] for name in names}
        lines = Specification.objects.in_bulk(
            [pair["line"] for pairs in shown.values() for pair in pairs]
        )
        return [
            Facet(
                lines[pairs[0]["line"]].name,
                [self._choice(pair, lines[pair["line"]]) for pair in sorted(pairs, key=_in_order)],
            )
            for pairs in shown.values()
        ]

    def _pairs(self, products: ProductQuerySet) -> list[Pair]:
        """Names and values of `products`: the chosen ones first, then those that most have."""
        found = products.matching(self.words)
        left = Q(product__in=found.having(self.chosen)) & ~Q(name_key__in=list(self.chosen))
        chosen = Q(pk__in=[])
        for name, values in self.chosen.items():
            others = {other: kept for other, kept in self.chosen.items() if other != name}
            left |= Q(name_key=name, product__in=found.having(others))
            chosen |= Q(name_key=name, value_key__in=values)
        picked = Case(When(chosen, then=Value(1)), default=Value(0), output_field=IntegerField())
        lines = Specification.objects.filter(product__in=products).exclude(name_key="")
        pairs = (
            lines.order_by()
            .values("name_key", "value_key")
            .annotate(
                total=Count("product", distinct=True),
                left=Count("product", distinct=True, filter=left if self else None),
                line=Min("pk"),
                picked=Max(picked),
            )
        )
        most = pairs.order_by("-picked", "-total", "name_key", "value_key")[:MOST_PAIRS]
        return cast(list[Pair], list(most))

    def _choice(self, pair: Pair, line: Specification) -> Choice:
        name, value = pair["name_key"], pair["value_key"]
        is_chosen = value in self.chosen.get(name, [])
        return Choice(line.value, f"{name}={value}", pair["left"], is_chosen)


def _searchable_parts(text: str) -> list[QueryPart]:
    """The parts of a search query as the products' texts are compared with them.

    Any part of a word is found, so the star that marks a beginning is dropped.
    """
    parts = []
    for part in split_query(text)[:MAX_TERMS]:
        word = part.text if part.is_phrase else part.text.rstrip("*") or part.text
        if folded := searchable(word):
            parts.append(part._replace(text=folded))
    return parts


def _in_order(pair: Pair) -> tuple:
    """By the numbers in a value, as a reader orders them: 7.5 kW, 75 kW, 132 kW."""
    numbers = re.findall(r"\d+(?:\.\d+)?", pair["value_key"])
    return not numbers, [float(number) for number in numbers], pair["value_key"]
