"""Up to six products side by side, chosen by the query string `?p=<slug>&p=<slug>`."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Case, Value, When
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from products.models import Product

MAX_PRODUCTS = 6
MAX_SLUGS = 20  # of a query string that are looked up
MAX_SUGGESTIONS = 100  # products offered to be added

SLUG = re.compile(r"[-a-zA-Z0-9_]{1,220}")

TERMS_OF_TRADE: list[tuple[Any, Callable[[Product], str]]] = [
    (_("Model"), lambda product: product.sku),
    (_("Category"), lambda product: product.category.name),
    (_("Minimum order"), lambda product: f"{product.min_order} {product.unit}"),
    (_("Port"), lambda product: product.port),
    (_("Lead time"), lambda product: product.lead_time),
    (_("HS code"), lambda product: product.hs_code),
]


@dataclass
class Row:
    """A row of the table, with a value for each product."""

    name: str
    values: list[str]
    differs: bool


class Comparison:
    """The products named in a query string; unknown and excess ones are left out but counted."""

    def __init__(self, query: QueryDict) -> None:
        requested = dict.fromkeys(filter(None, query.getlist("p")[:MAX_SLUGS]))
        slugs = [slug for slug in requested if SLUG.fullmatch(slug)]
        products = Product.objects.published().for_comparison().filter(slug__in=slugs)
        by_slug = {product.slug: product for product in products}
        found = [by_slug[slug] for slug in slugs if slug in by_slug]
        self.unknown_count = len(requested) - len(found)
        self.products = found[:MAX_PRODUCTS]
        self.excess_count = max(0, len(found) - MAX_PRODUCTS)

    @property
    def slugs(self) -> list[str]:
        return [product.slug for product in self.products]

    @property
    def query_string(self) -> str:
        """The query string of this comparison, without the question mark."""
        return _query_string(self.slugs)

    def rows(self) -> list[Row]:
        """The terms of trade, then every specification of any of the products."""
        rows = [
            _make_row(name, values, values)
            for name, read in TERMS_OF_TRADE
            if any(values := [read(product) for product in self.products])
        ]
        names: dict[str, str] = {}
        tables: list[dict[str, list]] = []
        for product in self.products:
            tables.append({})
            for specification in product.shown_specifications:
                names.setdefault(specification.name_key, specification.name)
                tables[-1].setdefault(specification.name_key, []).append(specification)
        for key, name in names.items():
            cells = [table.get(key, []) for table in tables]
            values = ["; ".join(one.value for one in cell) for cell in cells]
            value_keys = ["; ".join(sorted(one.value_key for one in cell)) for cell in cells]
            rows.append(_make_row(name, values, value_keys))
        return rows

    def suggestions(self) -> Iterable[Product]:
        """The products that can be added, starting with those of the first product's category."""
        if len(self.products) >= MAX_PRODUCTS:
            return []
        others = Product.objects.published().exclude(slug__in=self.slugs).only("slug", "name")
        category = self.products[0].category_id if self.products else 0
        is_other_category = Case(
            When(category_id=category, then=Value(False)),
            default=Value(True),
            output_field=BooleanField(),
        )
        return others.order_by(is_other_category, "order", "pk")[:MAX_SUGGESTIONS]


def compare_url(slugs: Iterable[str]) -> str:
    """The URL of the comparison of these products."""
    query_string = _query_string(slugs)
    return reverse("products:compare") + (f"?{query_string}" if query_string else "")


def _query_string(slugs: Iterable[str]) -> str:
    return urlencode([("p", slug) for slug in slugs])


def _make_row(name: str, values: list[str], keys: list[str]) -> Row:
    return Row(name, values, differs=len(set(keys)) > 1)
