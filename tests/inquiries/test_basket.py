"""The basket of products."""

import re

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Session
from inquiries.basket import MAX_LINES
from inquiries.models import AssignmentRule, Inquiry
from products.models import Product
from tests.factories import make_contact, make_product, make_user
from tests.inquiries.test_inquiry_form import typed

pytestmark = pytest.mark.django_db

BASKET = "/inquiry/basket/"


@pytest.fixture
def crusher():
    return make_product(slug="crusher", name="Jaw crusher", unit="set", min_order=2)


@pytest.fixture
def screen():
    return make_product(slug="screen", name="Vibrating screen", unit="piece")


def add_to_basket(visitor, product, quantity: object = 1):
    return visitor.post(BASKET, {"product": product.slug, "quantity": quantity})


def in_basket(visitor) -> dict[str, int]:
    return {line.name: line.quantity for line in visitor.get(BASKET).context["basket"].lines}


def click_add(visitor, slug: str = "crusher", **headers: str):
    return visitor.post(f"{BASKET}add/", {"product": slug}, headers=headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://testserver"},
    ],
)
def test_one_click_on_a_product_page_adds_the_minimum_order(crusher, headers):
    visitor = Client(enforce_csrf_checks=True)
    page = visitor.get("/products/crusher/").content.decode()
    assert f'action="{BASKET}add/"' in page
    assert '<input type="hidden" name="product" value="crusher">' in page
    assert click_add(visitor, **headers).url == BASKET
    assert in_basket(visitor) == {"Jaw crusher": 2}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://elsewhere.example.com"},
        {"Origin": "https://testserver"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_form_of_another_site_adds_nothing_without_confirmation(visitor, crusher, headers):
    response = click_add(visitor, **headers)
    assert response.url == f"{BASKET}?add=crusher"
    assert not visitor.cookies
    confirmation = visitor.get(response.url)
    assert confirmation.context["add_form"]["quantity"].value() == 2, "the minimum order"
    assert "Jaw crusher" in confirmation.content.decode()
    assert in_basket(visitor) == {}


def test_a_second_click_does_not_change_the_quantity(visitor, crusher):
    add_to_basket(visitor, crusher, 7)
    click_add(visitor, Origin="http://testserver")
    assert in_basket(visitor) == {"Jaw crusher": 7}


def test_the_visitor_returns_to_the_page_with_the_button_and_reads_what_it_did(visitor, crusher):
    referer = "http://testserver/products/?q=jaw"
    response = click_add(visitor, Origin="http://testserver", Referer=referer)
    assert response.url == "/products/?q=jaw"
    page = visitor.get(response.url).content.decode()
    assert "In your inquiry list: \u2068Jaw crusher\u2069, \u20682 set\u2069." in page
    assert f'<a href="{BASKET}">View inquiry list</a>' in page
    assert "In your inquiry list: \u2068" not in visitor.get(response.url).content.decode()


@pytest.mark.parametrize(
    "referer",
    [
        "https://elsewhere.example.com/products/",
        "http://testserver//elsewhere.example.com",
        "http://testserver/\\elsewhere.example.com",
        "http://[::1",
        "javascript:alert(1)",
        "",
    ],
)
def test_a_button_leads_to_no_other_site(visitor, crusher, referer):
    response = click_add(visitor, Origin="http://testserver", Referer=referer)
    assert response.url in (BASKET, "/%5Celsewhere.example.com")


def test_behind_a_delivery_network_the_visitor_gets_to_the_list(visitor, crusher, settings):
    settings.CDN = True
    referer = "http://testserver/products/"
    assert click_add(visitor, Origin="http://testserver", Referer=referer).url == BASKET


def click_with_script(visitor, **data: object):
    headers = {"Origin": "http://testserver", "Accept": "application/json"}
    return visitor.post(f"{BASKET}add/", data, headers=headers)


def test_a_script_gets_the_confirmation(visitor, crusher):
    Product.objects.update(name_en="Jaw <b> crusher")
    response = click_with_script(visitor, product="crusher", quantity=5)
    assert "Jaw &lt;b&gt; crusher\u2069, \u20685 set" in response.json()["html"]
    assert visitor.cookies["basket"].value.startswith(f"{crusher.pk}-5:")
    assert "messages" not in visitor.cookies
    click_with_script(visitor, product="crusher", quantity=6)
    assert in_basket(visitor) == {"Jaw <b> crusher": 6}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"product": "none"}, "no longer available"),
        ({"product": "crusher", "quantity": "0"}, "greater than or equal to 1"),
        ({"product": "crusher", "quantity": "many"}, "whole number"),
    ],
)
def test_a_script_gets_what_is_wrong(visitor, crusher, data, text):
    response = click_with_script(visitor, **data)
    assert response.status_code == 422
    assert text in response.json()["html"]
    assert in_basket(visitor) == {}


def test_a_script_saves_a_changed_quantity(visitor, crusher):
    add_to_basket(visitor, crusher)
    headers = {"Accept": "application/json"}
    field = f"quantity-{crusher.pk}"
    response = visitor.post(BASKET, {field: "9"}, headers=headers)
    assert response.json() == {"html": "Your quantities are saved."}
    wrong = visitor.post(BASKET, {field: "0"}, headers=headers)
    assert wrong.status_code == 422
    assert list(wrong.json()["errors"]) == [field]
    assert in_basket(visitor) == {"Jaw crusher": 9}


def test_a_link_does_not_add_a_product(visitor, crusher):
    assert visitor.get(f"{BASKET}add/?product=crusher").status_code == 405
    visitor.get(f"{BASKET}?add=crusher")
    assert in_basket(visitor) == {}


def test_a_quantity_can_be_chosen_while_adding(visitor, crusher):
    assert add_to_basket(visitor, crusher, 3).status_code == 302
    assert in_basket(visitor) == {"Jaw crusher": 3}


def test_product_pages_do_not_depend_on_the_basket(visitor, crusher):
    add_to_basket(visitor, crusher)
    response = visitor.get("/products/crusher/")
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_an_empty_basket_sets_no_cookie(visitor):
    response = visitor.get(BASKET)
    assert not response.cookies
    assert "Your inquiry list is empty" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.content.decode()


def test_quantities_are_changed_and_lines_removed(visitor, crusher, screen):
    add_to_basket(visitor, crusher)
    add_to_basket(visitor, screen)
    assert '<span class="count">2</span>' in visitor.get(BASKET).content.decode()
    data = {f"quantity-{crusher.pk}": "5", f"quantity-{screen.pk}": "6"}
    assert visitor.post(BASKET, data).url == BASKET
    assert in_basket(visitor) == {"Jaw crusher": 5, "Vibrating screen": 6}
    visitor.post(BASKET, data | {"remove": str(crusher.pk)})
    assert in_basket(visitor) == {"Vibrating screen": 6}


def test_continuing_to_the_inquiry_saves_the_quantities(visitor, crusher):
    add_to_basket(visitor, crusher)
    response = visitor.post(BASKET, {f"quantity-{crusher.pk}": "7", "ask": "yes"})
    assert response.url == "/inquiry/"
    assert in_basket(visitor) == {"Jaw crusher": 7}


def test_adding_a_product_again_changes_its_line(visitor, crusher):
    add_to_basket(visitor, crusher, 2)
    assert visitor.get(f"{BASKET}?add=crusher").context["add_form"]["quantity"].value() == 2
    add_to_basket(visitor, crusher, 4)
    assert in_basket(visitor) == {"Jaw crusher": 4}


@pytest.mark.parametrize("wrong", ["0", "-1", "many", "", "99999999999"])
def test_an_invalid_quantity_is_an_error(visitor, crusher, wrong):
    response = add_to_basket(visitor, crusher, wrong)
    assert response.status_code == 422
    assert response.context["add_form"].errors["quantity"]
    add_to_basket(visitor, crusher, 2)
    response = visitor.post(BASKET, {f"quantity-{crusher.pk}": wrong})
    assert response.status_code == 422
    [row] = response.context["form"].rows()
    assert (row["field"].value(), bool(row["field"].errors)) == (wrong, True)
    assert in_basket(visitor) == {"Jaw crusher": 2}


@pytest.mark.parametrize("slug", ["none", "a-draft", "%00", "<script>"])
def test_unpublished_products_cannot_be_added(visitor, slug):
    make_product(slug="a-draft", status=Product.Status.DRAFT)
    page = visitor.get(f"{BASKET}?add={slug}").content.decode()
    assert "no longer available" in page
    assert "<script>" not in page
    assert visitor.post(BASKET, {"product": slug, "quantity": 1}).status_code == 422
    clicked = click_add(visitor, slug, Origin="http://testserver")
    assert clicked.status_code == 422
    assert "no longer available" in clicked.content.decode()
    assert in_basket(visitor) == {}


@pytest.mark.parametrize("key", ["999", "nonsense", "-1"])
def test_unknown_lines_are_ignored(visitor, crusher, key):
    add_to_basket(visitor, crusher)
    visitor.post(BASKET, {"remove": key})
    visitor.post(BASKET, {f"quantity-{key}": "5", f"quantity-{crusher.pk}": "1"})
    assert in_basket(visitor) == {"Jaw crusher": 1}


def test_the_basket_has_a_maximum_size(visitor, crusher):
    many = [
        Product(name=f"P{n}", slug=f"p-{n}", status="published", category=crusher.category)
        for n in range(MAX_LINES)
    ]
    for product in Product.objects.bulk_create(many):
        add_to_basket(visitor, product)
    response = add_to_basket(visitor, crusher)
    assert response.status_code == 422
    assert "Your inquiry list is full" in response.content.decode()
    assert len(in_basket(visitor)) == MAX_LINES
    clicked = click_add(visitor, Origin="http://testserver")
    assert "Your inquiry list is full" in clicked.content.decode()
    assert len(in_basket(visitor)) == MAX_LINES
    assert add_to_basket(visitor, many[0], 9).status_code == 302


@pytest.mark.parametrize(("is_deleted", "name"), [(False, "Jaw crusher"), (True, "Product")])
def test_an_unavailable_product_is_left_out(visitor, crusher, screen, is_deleted, name):
    add_to_basket(visitor, crusher)
    add_to_basket(visitor, screen)
    if is_deleted:
        crusher.delete()
    else:
        Product.objects.filter(pk=crusher.pk).update(status=Product.Status.DRAFT)
    page = visitor.get(BASKET).content.decode()
    assert "is no longer available" in page
    assert ("Jaw crusher" in page) is not is_deleted
    form = visitor.get("/inquiry/").content.decode()
    assert f'<s dir="auto">{name}</s>' in form
    assert "no longer available, not included" in form
    visitor.post("/inquiry/", typed())
    assert [line.product for line in Inquiry.objects.get().lines.all()] == [screen]


def test_an_inquiry_contains_all_lines_and_empties_the_basket(visitor, crusher, screen):
    add_to_basket(visitor, crusher, 2)
    add_to_basket(visitor, screen, 3)
    extra = make_product(slug="extra", name="Conveyor", unit="metre")
    page = visitor.get("/inquiry/")
    assert "2 products in your inquiry list" in page.content.decode()
    stamp = re.search(r'name="stamp" value="([^"]+)"', page.content.decode())[1]
    data = typed(product=extra.slug, quantity="40", stamp=stamp)
    wrong = visitor.post("/inquiry/", data | {"email": "wrong"})
    assert "2 products in your inquiry list" in wrong.content.decode()
    first = visitor.post("/inquiry/", data)
    assert in_basket(visitor) == {}
    lines = [str(line) for line in Inquiry.objects.get().lines.all()]
    assert lines == ["2 set × Jaw crusher", "3 piece × Vibrating screen", "40 metre × Conveyor"]
    assert visitor.post("/inquiry/", data).url == first.url, "pressed twice"
    assert Inquiry.objects.count() == 1


def test_a_product_in_basket_and_form_is_one_line(visitor, crusher):
    add_to_basket(visitor, crusher, 2)
    visitor.post("/inquiry/", typed(product="crusher", quantity="8"))
    assert str(Inquiry.objects.get().lines.get()) == "8 set × Jaw crusher"


def test_a_refused_inquiry_keeps_the_basket(visitor, crusher, settings):
    settings.INQUIRY_RATE = (1, 3600)
    visitor.post("/inquiry/", typed())
    add_to_basket(visitor, crusher)
    assert visitor.post("/inquiry/", typed(message="More")).status_code == 429
    assert in_basket(visitor) == {"Jaw crusher": 1}


def test_the_number_of_queries_does_not_grow_with_the_basket(visitor, crusher, screen):
    counts = []
    visitor.get(BASKET)  # fills the caches
    for product in (crusher, screen, make_product()):
        add_to_basket(visitor, product)
        with CaptureQueriesContext(connection) as queries:
            visitor.get(BASKET)
        counts.append(len(queries))
    assert len(set(counts)) == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)  # as on a real site
@pytest.mark.parametrize("is_assigned", [True, False])
def test_the_number_of_queries_of_an_inquiry_does_not_grow_with_its_lines(
    visitor, crusher, is_assigned
):
    make_user("Managers")
    if is_assigned:
        AssignmentRule.objects.create(name="All", contact=make_contact(email="july@example.com"))
    counts = []
    for number in (1, 5):
        products = [make_product() for _ in range(number)]
        for _ in range(2):  # the first creates the rows of settings
            visitor.post("/inquiry/", typed())
        for product in products:
            add_to_basket(visitor, product)
        with CaptureQueriesContext(connection) as queries:
            visitor.post("/inquiry/", typed(email=f"buyer{number}@example.com"))
        counts.append(len(queries))
    assert Inquiry.objects.get(email="buyer5@example.com").lines.count() == 5
    assert len(set(counts)) == 1
    assert counts[0] <= 29


def store_in_session(visitor, **quantities: int) -> None:
    """Store a basket as earlier versions did."""
    session = visitor.session
    session["inquiry_basket"] = {
        str(Product.objects.get(slug=slug).pk): {"name": slug, "quantity": quantity}
        for slug, quantity in quantities.items()
    }
    session.save()
    visitor.cookies["sessionid"] = session.session_key


def test_the_cookie_is_small_and_readable_by_scripts(visitor, crusher, screen, settings):
    settings.SESSION_COOKIE_SECURE = True
    add_to_basket(visitor, crusher, 3)
    add_to_basket(visitor, screen, 1_000_000)
    cookie = visitor.cookies["basket"]
    assert cookie.value.startswith(f"{crusher.pk}-3.{screen.pk}-1000000:")
    assert cookie.value == cookie.coded_value, "scripts need not unquote it"
    assert (cookie["samesite"], cookie["secure"], cookie["httponly"]) == ("Lax", True, "")
    assert cookie["max-age"] == 7 * 24 * 3600
    assert cookie["path"] == "/"
    largest = signing.get_cookie_signer().sign(".".join(["9999999999-999999999"] * MAX_LINES))
    assert len(largest) < 1000
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda value: "",
        lambda value: "nonsense",
        lambda value: value.replace("-2", "-9"),
        lambda value: value[:-1],
        lambda value: value.split(":")[0],
        lambda value: f"{value.split(':')[0]}:{value}",
        lambda value: value.replace("2", "٢"),
        lambda value: ".".join([value.split(":")[0]] * 100_000),
        lambda value: "9" * 10_000 + "-" + "9" * 10_000,
        lambda value: "\ufffd\x00'\"<script>",
        lambda value: signing.get_cookie_signer(salt="another cookie").sign("1-2"),
        lambda value: signing.dumps({"1": 2}),
    ],
)
def test_a_cookie_that_the_site_did_not_write_is_ignored_and_deleted(visitor, crusher, change):
    add_to_basket(visitor, crusher, 2)
    changed = change(visitor.cookies["basket"].value)
    visitor.cookies["basket"] = changed.encode().decode("latin-1")  # as WSGI has it
    for url in ("/products/crusher/", "/inquiry/", BASKET):
        response = visitor.get(url)
        assert response.status_code == 200
        assert "Vibrating" not in response.content.decode()
    assert response.context["basket"].lines == []
    assert visitor.cookies["basket"].value == ""
    assert add_to_basket(visitor, crusher, 4).status_code == 302
    assert in_basket(visitor) == {"Jaw crusher": 4}


def test_a_cookie_expires(visitor, crusher, monkeypatch):
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now - 7 * 24 * 3600 - 1)
    add_to_basket(visitor, crusher)
    monkeypatch.undo()
    assert in_basket(visitor) == {}


def test_the_cookie_is_set_only_when_the_basket_changes(visitor, crusher):
    add_to_basket(visitor, crusher)
    for response in (
        visitor.get(BASKET),
        visitor.get("/inquiry/"),
        click_add(visitor, Origin="http://testserver"),
        visitor.post("/inquiry/", {}),
    ):
        assert "basket" not in response.cookies
    assert visitor.post("/inquiry/", typed()).cookies["basket"]["max-age"] == 0


def test_a_basket_in_a_session_moves_to_the_cookie(visitor, crusher, screen):
    store_in_session(visitor, crusher=5, screen=2)
    add_to_basket(visitor, screen, 9)
    assert in_basket(visitor) == {"Jaw crusher": 5, "Vibrating screen": 9}
    assert visitor.cookies["sessionid"].value == "", "so that the visitor gets cached pages"
    assert Session.objects.count() == 0
    visitor.post(BASKET, {"remove": str(crusher.pk)})
    assert in_basket(visitor) == {"Vibrating screen": 9}


def test_a_basket_in_the_session_of_staff_leaves_them_logged_in(as_user, crusher):
    client = as_user(make_user("Sales"))
    store_in_session(client, crusher=5)
    client.get("/inquiry/")
    assert in_basket(client) == {"Jaw crusher": 5}
    assert client.get("/admin/").status_code == 200


def test_a_basket_in_a_session_survives_a_form_without_token(crusher):
    visitor = Client(enforce_csrf_checks=True)
    store_in_session(visitor, crusher=5)
    page = visitor.post("/inquiry/", typed())
    assert page.status_code == 403
    assert "1 product in your inquiry list" in page.content.decode()
    assert in_basket(visitor) == {"Jaw crusher": 5}


@pytest.mark.parametrize("url", ["/", "/news/", "/ar/products/", "/contacts/", "/none/", BASKET])
def test_every_page_links_to_the_basket(visitor, url):
    page = visitor.get(url).content.decode()
    prefix = "/ar" if url.startswith("/ar") else ""
    assert f'href="{prefix}{BASKET}"><span class="visually-hidden">' in page
    assert "js/products.js" in page
    assert 'data-basket="basket"' in page
