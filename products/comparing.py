"""Up to four products side by side. Which ones stands in the address: `?p=<slug>&p=<slug>`."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Case, Value, When
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from products.models import Product

MOST = 4
MOST_READ = 20  # slugs of an address that are looked at
MOST_OFFERED = 100  # products that one can add from the page itself

SLUG = re.compile(r"[-a-zA-Z0-9_]{1,220}")

TERMS: list[tuple[Any, Callable[[Product], str]]] = [
    (_("Model"), lambda product: product.sku),
    (_("Category"), lambda product: product.category.name),
    (_("Minimum order"), lambda product: f"{product.min_order} {product.unit}"),
    (_("Port"), lambda product: product.port),
    (_("Lead time"), lambda product: product.lead_time),
    (_("HS code"), lambda product: product.hs_code),
]


@dataclass
class Row:
    """One thing by which the products are compared."""

    name: str
    values: list[str]
    differs: bool


class Comparison:
    """What the address asks to compare. What is no published product is left out and counted."""

    def __init__(self, query: QueryDict) -> None:
        asked = dict.fromkeys(filter(None, query.getlist("p")[:MOST_READ]))
        slugs = [slug for slug in asked if SLUG.fullmatch(slug)]
        shaped = Product.objects.published().for_comparison()
        found = {product.slug: product for product in shaped.filter(slug__in=slugs)}
        known = [found[slug] for slug in slugs if slug in found]
        self.unknown = len(asked) - len(known)
        self.products = known[:MOST]
        self.too_many = max(0, len(known) - MOST)

    @property
    def slugs(self) -> list[str]:
        return [product.slug for product in self.products]

    @property
    def state(self) -> str:
        """The comparison as the end of an address, without its question mark."""
        return urlencode([("p", slug) for slug in self.slugs])

    def columns(self) -> list[tuple[Product, str]]:
        """Each product with the address of the comparison without it."""
        return [
            (product, compare_url(slug for slug in self.slugs if slug != product.slug))
            for product in self.products
        ]

    def rows(self) -> list[Row]:
        """The terms of trade, then every specification that one of the products has."""
        rows = [
            self._row(name, values, values)
            for name, term in TERMS
            if any(values := [term(product) for product in self.products])
        ]
        names: dict[str, str] = {}
        tables: list[dict[str, list]] = []
        for product in self.products:
            tables.append({})
            for line in product.specifications.all():
                names.setdefault(line.name_key, line.name)
                tables[-1].setdefault(line.name_key, []).append(line)
        for key, name in names.items():
            lines = [table.get(key, []) for table in tables]
            values = ["; ".join(line.value for line in cell) for cell in lines]
            keys = ["; ".join(sorted(line.value_key for line in cell)) for cell in lines]
            rows.append(self._row(name, values, keys))
        return rows

    def _row(self, name: str, values: list[str], compared: list[str]) -> Row:
        return Row(name, values, differs=len(set(compared)) > 1)

    def offered(self) -> Iterable[Product]:
        """What can be added: of the first product's category first."""
        if len(self.products) >= MOST:
            return []
        others = Product.objects.published().exclude(slug__in=self.slugs).only("slug", "name")
        category = self.products[0].category_id if self.products else 0
        same = Case(
            When(category_id=category, then=Value(False)),
            default=Value(True),
            output_field=BooleanField(),
        )
        return others.order_by(same, "order", "pk")[:MOST_OFFERED]


def compare_url(slugs: Iterable[str]) -> str:
    """The address of a comparison."""
    query = urlencode([("p", slug) for slug in slugs])
    return reverse("products:compare") + (f"?{query}" if query else "")


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The comparison that the address asks for; nothing in it is an error."""
    comparison = Comparison(request.GET)
    context = {"comparison": comparison, "most": MOST, "address_state": comparison.state}
    return render(request, "products/compare.html", context)
