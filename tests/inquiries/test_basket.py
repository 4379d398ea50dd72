"""A visitor collects products and asks about all of them at once."""

import re

import pytest
from django.conf import settings as site_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inquiries.basket import MAX_LINES
from inquiries.models import Inquiry
from products.models import Product
from tests.inquiries.test_inquiry_form import typed
from tests.world import make_product

pytestmark = pytest.mark.django_db

BASKET = "/inquiry/basket/"


@pytest.fixture
def crusher():
    return make_product(slug="crusher", name="Jaw crusher", unit="set", min_order=2)


@pytest.fixture
def screen():
    return make_product(slug="screen", name="Vibrating screen", unit="piece")


def put(reader, product, quantity: object = 1):
    return reader.post(BASKET, {"product": product.slug, "quantity": quantity})


def in_basket(reader) -> dict[str, int]:
    return {line.name: line.quantity for line in reader.get(BASKET).context["basket"].lines}


def test_a_product_page_leads_to_a_form_that_puts_it_in(reader, crusher):
    page = reader.get("/products/crusher/")
    assert f'href="{BASKET}?add=crusher"' in page.content.decode()
    asked = reader.get(f"{BASKET}?add=crusher")
    assert asked.context["add_form"]["quantity"].value() == 2, "the minimum order"
    assert "Jaw crusher" in asked.content.decode()
    assert in_basket(reader) == {}, "a link alone puts nothing in"
    assert put(reader, crusher, 3).status_code == 302
    assert in_basket(reader) == {"Jaw crusher": 3}


def test_product_pages_stay_the_same_for_everybody(reader, crusher):
    put(reader, crusher)
    response = reader.get("/products/crusher/")
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_looking_at_an_empty_basket_opens_no_session(reader):
    response = reader.get(BASKET)
    assert site_settings.SESSION_COOKIE_NAME not in response.cookies
    assert "Nothing is in it yet" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.content.decode()


def test_quantities_are_changed_and_lines_removed(reader, crusher, screen):
    put(reader, crusher)
    put(reader, screen)
    assert '<span class="count">2</span>' in reader.get(BASKET).content.decode()
    data = {f"quantity-{crusher.pk}": "5", f"quantity-{screen.pk}": "6"}
    assert reader.post(BASKET, data).url == BASKET
    assert in_basket(reader) == {"Jaw crusher": 5, "Vibrating screen": 6}
    reader.post(BASKET, data | {"remove": str(crusher.pk)})
    assert in_basket(reader) == {"Vibrating screen": 6}


def test_going_on_to_the_inquiry_keeps_the_quantities(reader, crusher):
    put(reader, crusher)
    response = reader.post(BASKET, {f"quantity-{crusher.pk}": "7", "ask": "yes"})
    assert response.url == "/inquiry/"
    assert in_basket(reader) == {"Jaw crusher": 7}


def test_the_same_product_again_is_one_line(reader, crusher):
    put(reader, crusher, 2)
    assert reader.get(f"{BASKET}?add=crusher").context["add_form"]["quantity"].value() == 2
    put(reader, crusher, 4)
    assert in_basket(reader) == {"Jaw crusher": 4}


@pytest.mark.parametrize("wrong", ["0", "-1", "many", "", "99999999999"])
def test_a_quantity_that_is_none_is_said_and_kept(reader, crusher, wrong):
    response = put(reader, crusher, wrong)
    assert response.status_code == 422
    assert response.context["add_form"].errors["quantity"]
    put(reader, crusher, 2)
    response = reader.post(BASKET, {f"quantity-{crusher.pk}": wrong})
    assert response.status_code == 422
    [row] = response.context["form"].rows()
    assert (row["field"].value(), bool(row["field"].errors)) == (wrong, True)
    assert in_basket(reader) == {"Jaw crusher": 2}


@pytest.mark.parametrize("slug", ["none", "a-draft", "%00", "<script>"])
def test_what_is_not_offered_does_not_get_in(reader, slug):
    make_product(slug="a-draft", status=Product.Status.DRAFT)
    page = reader.get(f"{BASKET}?add={slug}").content.decode()
    assert "no longer offered" in page
    assert "<script>" not in page
    assert reader.post(BASKET, {"product": slug, "quantity": 1}).status_code == 422
    assert in_basket(reader) == {}


@pytest.mark.parametrize("key", ["999", "nonsense", "-1"])
def test_a_line_that_is_not_there_is_not_removed_or_changed(reader, crusher, key):
    put(reader, crusher)
    reader.post(BASKET, {"remove": key})
    reader.post(BASKET, {f"quantity-{key}": "5", f"quantity-{crusher.pk}": "1"})
    assert in_basket(reader) == {"Jaw crusher": 1}


def test_the_basket_is_bounded(reader, crusher):
    many = [
        Product(name=f"P{n}", slug=f"p-{n}", status="published", category=crusher.category)
        for n in range(MAX_LINES)
    ]
    for product in Product.objects.bulk_create(many):
        put(reader, product)
    response = put(reader, crusher)
    assert response.status_code == 422
    assert "are in it already" in response.content.decode()
    assert len(in_basket(reader)) == MAX_LINES
    assert put(reader, many[0], 9).status_code == 302


def test_a_product_that_is_gone_is_said_to_be_gone_and_left_out(reader, crusher, screen):
    put(reader, crusher)
    put(reader, screen)
    crusher.delete()
    assert "is no longer offered" in reader.get(BASKET).content.decode()
    form = reader.get("/inquiry/").content.decode()
    assert "<s" in form
    assert "no longer offered, left out" in form
    reader.post("/inquiry/", typed())
    assert [line.product for line in Inquiry.objects.get().lines.all()] == [screen]


def test_one_inquiry_takes_all_of_it_and_empties_it(reader, crusher, screen):
    put(reader, crusher, 2)
    put(reader, screen, 3)
    extra = make_product(slug="extra", name="Conveyor", unit="metre")
    page = reader.get("/inquiry/")
    assert "2 products in your basket" in page.content.decode()
    stamp = re.search(r'name="stamp" value="([^"]+)"', page.content.decode())[1]
    data = typed(product=extra.slug, quantity="40", stamp=stamp)
    wrong = reader.post("/inquiry/", data | {"email": "wrong"})
    assert "2 products in your basket" in wrong.content.decode()
    first = reader.post("/inquiry/", data)
    assert in_basket(reader) == {}
    lines = [str(line) for line in Inquiry.objects.get().lines.all()]
    assert lines == ["2 set × Jaw crusher", "3 piece × Vibrating screen", "40 metre × Conveyor"]
    assert reader.post("/inquiry/", data).url == first.url, "pressed twice"
    assert Inquiry.objects.count() == 1


def test_a_product_of_the_basket_is_asked_for_once(reader, crusher):
    put(reader, crusher, 2)
    reader.post("/inquiry/", typed(product="crusher", quantity="8"))
    assert str(Inquiry.objects.get().lines.get()) == "8 set × Jaw crusher"


def test_what_is_turned_away_leaves_the_basket(reader, crusher, settings):
    settings.INQUIRY_RATE = (1, 3600)
    reader.post("/inquiry/", typed())
    put(reader, crusher)
    assert reader.post("/inquiry/", typed(message="More")).status_code == 429
    assert in_basket(reader) == {"Jaw crusher": 1}


def test_the_basket_takes_the_same_queries_for_one_as_for_many(reader, crusher, screen):
    counts = []
    reader.get(BASKET)  # what is read once and kept
    for product in (crusher, screen, make_product()):
        put(reader, product)
        with CaptureQueriesContext(connection) as queries:
            reader.get(BASKET)
        counts.append(len(queries))
    assert len(set(counts)) == 1
