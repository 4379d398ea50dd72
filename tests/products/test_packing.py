"""Packing, price guidance, and the contacts of a category on the page of a product."""

import json
import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact
from products.models import Category, Product
from products.packing import Packing, chosen_quantity
from tests.factories import make_company, make_contact, make_product, make_user

pytestmark = pytest.mark.django_db


def page_of(visitor, product: Product, query: str = "", prefix: str = "") -> str:
    return visitor.get(f"{prefix}{product.get_absolute_url()}{query}").content.decode()


@pytest.mark.parametrize(
    ("quantity", "cartons", "weight", "volume", "percents", "counts"),
    [
        (1, 1, "25", "0.14", [1, 1], [1, 1]),
        (12, 1, "25", "0.14", [1, 1], [1, 1]),
        (13, 2, "50", "0.28", [1, 1], [1, 1]),
        (1200, 100, "2500", "14", [50, 25], [1, 1]),  # by space
        (2400, 200, "5000", "28", [100, 49], [1, 1]),
        (2401, 201, "5025", "28.14", [101, 49], [2, 1]),
        (1_000_000_000, 83_333_334, "2083333350", "11666666.76", None, [416667, 201150]),
    ],
)
def test_a_quantity_needs_cartons_and_a_part_of_a_container(
    quantity, cartons, weight, volume, percents, counts
):
    product = Product(units_per_carton=12, carton_weight=Decimal(25), carton_volume=Decimal("0.14"))
    packing = Packing.of(product, quantity)
    assert (packing.cartons, packing.weight, packing.volume) == (
        cartons,
        Decimal(weight),
        Decimal(volume),
    )
    assert [load.count for load in packing.loads] == counts
    if percents:
        assert [load.percent for load in packing.loads] == percents


def test_heavy_goods_fill_a_container_by_their_weight():
    product = Product(units_per_carton=1, carton_weight=Decimal(14_000), carton_volume=Decimal(2))
    small, large = Packing.of(product, 1).loads
    assert (small.percent, large.percent) == (50, 53), "a larger one carries less"


@pytest.mark.parametrize("known", [{}, {"carton_weight": Decimal(5)}])
def test_without_units_per_carton_there_is_no_estimate(visitor, known):
    assert Packing.of(Product(**known), 5) is None
    assert "Packing and shipping" not in page_of(visitor, make_product(**known))


def test_without_weight_and_volume_only_cartons_are_known():
    packing = Packing.of(Product(units_per_carton=10), 25)
    assert (packing.cartons, packing.weight, packing.volume, packing.loads) == (3, None, None, [])


@pytest.mark.parametrize(
    ("typed", "quantity"),
    [
        ("7", 7), ("", 3), ("0", 3), ("-1", 3), ("1.5", 3), ("many", 3), ("9" * 40, 3),
        ("1000000000", 10**9), ("1000000001", 3), ("٧", 7), ("²", 3), ("<b>", 3),
    ],
)  # fmt: skip
def test_impossible_quantities_are_the_minimum_order(typed, quantity):
    query = QueryDict(mutable=True)
    query["quantity"] = typed
    assert chosen_quantity(query, Product(min_order=3)) == quantity


def test_the_page_shows_the_packing_of_the_chosen_quantity(visitor):
    product = make_product(
        unit="piece", units_per_carton=12, carton_weight="1250.500", carton_volume="0.14"
    )
    page = page_of(visitor, product, "?quantity=1200")
    text = " ".join(re.sub("<[^>]*>", " ", page).split())
    assert "100 cartons · 125,050 kg · 14 m³" in text
    assert "1,250.5 kg" in text
    assert "465% of" not in text
    assert "5 containers of 20′" in text
    assert page.count('value="1200"') == 2, "also in the form that adds it to the list"
    assert f'rel="canonical" href="http://testserver{product.get_absolute_url()}"' in page
    assert "1.250,5" not in text


@pytest.mark.parametrize(
    ("prices", "text"),
    [
        ({}, "Price on request"),
        ({"price_from": "1200.00", "price_to": "1500.50"}, "USD 1,200–1,500.5"),
        ({"price_from": "1200", "price_to": "1200", "price_currency": "EUR"}, "EUR 1,200"),
        ({"price_from": "1200"}, "from USD 1,200"),
    ],
)
def test_the_page_shows_the_price_for_guidance(visitor, prices, text):
    product = make_product(**prices)
    page = page_of(visitor, product)
    assert f"<bdi>{text}</bdi>" in page or text in page
    assert ("Price on request" in page) is not bool(prices)
    data = json.loads(re.search(r"ld\+json\">(.*?)</script>", page, re.DOTALL)[1])
    assert ("priceSpecification" in json.dumps(data)) is bool(prices)


@pytest.mark.parametrize("prices", [{"price_to": 5}, {"price_from": 6, "price_to": 5}])
def test_a_price_range_begins_with_the_lower_price(prices):
    product = make_product()
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=product.pk).update(**prices)
    for name, value in prices.items():
        setattr(product, name, Decimal(value))
    with pytest.raises(ValidationError, match="lower price"):
        product.full_clean()


@pytest.mark.parametrize(
    ("field", "value"),
    [("units_per_carton", 0), ("carton_weight", -1), ("carton_volume", 0), ("price_from", 0),
     ("price_currency", "usd"), ("price_currency", "$$$")],
)  # fmt: skip
def test_impossible_values_are_refused(field, value):
    product = make_product()
    setattr(product, field, value)
    with pytest.raises(ValidationError) as caught:
        product.full_clean()
    assert list(caught.value.message_dict) == [field]


@pytest.fixture
def team() -> dict[str, Contact]:
    make_company(name="Example", country="CN")
    return {name: make_contact(name=name, phone="+86 1") for name in ("July", "Abner", "Candy")}


def contacts_on(page: str) -> list[str]:
    return re.findall(r'<h3 dir="auto">(July|Abner|Candy)</h3>', page)


def test_the_contacts_of_the_category_come_first_and_the_others_are_behind_a_link(visitor, team):
    top = Category.objects.create(name="Machines")
    below = Category.objects.create(name="Crushers", parent=top)
    product = make_product(category=below)
    everybody = contacts_on(page_of(visitor, product))
    assert sorted(everybody) == ["Abner", "Candy", "July"]
    top.contacts.set([team["Abner"]])
    page = page_of(visitor, product)
    assert contacts_on(page) == ["Abner"], "those of the category above"
    assert 'href="/contacts/">All contacts</a>' in page
    assert f"contact={team['Abner'].pk}&amp;product={product.slug}" in page
    below.contacts.set([team["Candy"], team["July"]])
    assert sorted(contacts_on(page_of(visitor, product))) == ["Candy", "July"]
    Contact.objects.filter(name="Candy").update(is_active=False)
    assert contacts_on(page_of(visitor, product)) == ["July"]
    team["July"].categories.clear()
    assert contacts_on(page_of(visitor, product)) == ["Abner"]


def test_related_products_come_before_the_contacts(visitor, team):
    product = make_product()
    make_product(name="Sibling", category=product.category)
    page = page_of(visitor, product)
    assert page.index("Related products") < page.index("Your contacts")


def test_a_product_page_takes_as_many_queries_whatever_the_contacts(visitor, team):
    product = make_product(units_per_carton=1)
    page_of(visitor, product)
    counts = []
    for names in ([], ["July"], ["July", "Abner", "Candy"]):
        product.category.contacts.set([team[name] for name in names])
        page_of(visitor, product)
        with CaptureQueriesContext(connection) as queries:
            page_of(visitor, product, f"?quantity={len(counts) + 2}")
        counts.append(len(queries))
    assert len(set(counts)) == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("products/product/add/", 200),
        ("products/category/add/", 200),
        ("contacts/contact/", 200),
        ("contacts/contact/add/", 403),
        ("inquiries/inquiry/", 403),
        ("news/article/", 403),
        ("contacts/company/", 403),
    ],
)
def test_catalogue_editors_maintain_the_catalogue_and_nothing_else(as_user, path, status):
    client = as_user(make_user("Catalogue editors"))
    assert client.get(f"/admin/{path}").status_code == status
