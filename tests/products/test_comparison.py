"""Comparing up to six products, which a visitor selects on any page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from products.models import Product
from tests.factories import make_company, make_product, picture_file

pytestmark = pytest.mark.django_db

COMPARE = "/products/compare/"
OWN = {"Sec-Fetch-Site": "same-origin"}


def rows_on(visitor, *products: Product) -> dict[str, tuple[list[str], bool]]:
    response = visitor.get(COMPARE, query_params={"p": [product.slug for product in products]})
    assert response.status_code == 200
    rows = response.context["comparison"].rows()
    return {str(row.name): (row.values, row.differs) for row in rows}


def test_a_comparison_marks_what_differs(visitor):
    one = make_product(sku="A1", min_order=2, unit="set", port="Qingdao")
    other = make_product(sku="B1", min_order=2, unit="set", category=one.category)
    one.specifications.create(name="Motor power", value="75 kW")
    one.specifications.create(name="Weight", value="12 t")
    other.specifications.create(name="motor power", value="75  KW")
    other.specifications.create(name="Decks", value="3")
    assert rows_on(visitor, one, other) == {
        "Model": (["A1", "B1"], True),
        "Category": ([one.category.name] * 2, False),
        "Minimum order": (["2 set", "2 set"], False),
        "Port": (["Qingdao", ""], True),
        "Motor power": (["75 kW", "75  KW"], False),
        "Weight": (["12 t", ""], True),
        "Decks": (["", "3"], True),
    }
    page = visitor.get(f"{COMPARE}?p={one.slug}&p={other.slug}").content.decode()
    assert page.count('<tr class="differs">') == 4
    assert page.count(">differs<") == 4, "also for screen readers"


def test_products_are_added_and_removed_on_the_page(visitor):
    one, other, third = make_product(), make_product(), make_product(name="Third")
    page = visitor.get(f"{COMPARE}?p={one.slug}&p={other.slug}").content.decode()
    assert f'<input type="hidden" name="p" value="{one.slug}">' in page
    assert f'<option value="{third.slug}">Third</option>' in page
    assert f'href="/ar{COMPARE}?p={one.slug}&amp;p={other.slug}"' in page, "in another language"
    change = f"{COMPARE}change/"
    added = visitor.post(change, {"p": [one.slug, other.slug, third.slug]}, headers=OWN)
    assert added.url == f"{COMPARE}?p={one.slug}&p={other.slug}&p={third.slug}"
    assert visitor.cookies["comparison"].value == f"{one.pk}.{other.pk}.{third.pk}"
    data = {"p": [one.slug, other.slug], "remove": one.slug}
    assert visitor.post(change, data, headers=OWN).url == f"{COMPARE}?p={other.slug}"
    assert visitor.cookies["comparison"].value == f"{other.pk}"
    visitor.post(change, {"p": [one.slug]}, headers={"Sec-Fetch-Site": "cross-site"})
    assert visitor.cookies["comparison"].value == f"{other.pk}"


def select(visitor, product: str, compare: str = "add", **headers: str):
    data = {"product": product, "compare": compare}
    return visitor.post(f"{COMPARE}select/", data, headers=OWN | headers)


def bar(visitor) -> str:
    return visitor.get(f"{COMPARE}bar/").content.decode()


def test_a_visitor_selects_products_on_several_pages(visitor):
    one, other = make_product(name="Crusher"), make_product(name="Screen")
    assert bar(visitor).strip() == ""
    referer = "http://testserver/products/?page=2"
    assert select(visitor, one.slug, Referer=referer).url == "/products/?page=2"
    assert (
        "Selected for comparison: \u2068Crusher\u2069."
        in visitor.get("/products/").content.decode()
    )
    for _ in range(2):
        select(visitor, other.slug)
    assert visitor.cookies["comparison"].value == f"{one.pk}.{other.pk}"
    assert bar(visitor).index("Crusher") < bar(visitor).index("Screen")
    assert visitor.get(COMPARE).url == f"{COMPARE}?p={one.slug}&p={other.slug}"
    select(visitor, one.slug, "remove")
    assert "Crusher" not in bar(visitor)
    select(visitor, "", "clear")
    assert bar(visitor).strip() == ""
    assert visitor.cookies["comparison"].value == ""


def test_a_selection_has_six_products(visitor):
    products = [make_product() for _ in range(7)]
    for product in products:
        response = select(visitor, product.slug, Accept="application/json")
    assert response.status_code == 422
    assert "up to 6 products" in response.json()["html"]
    assert visitor.cookies["comparison"].value.count(".") == 5
    assert visitor.get(visitor.get(COMPARE).url).context["comparison"].products == products[:6]


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_site_selects_nothing(visitor, headers):
    product = make_product()
    response = visitor.post(f"{COMPARE}select/", {"product": product.slug}, headers=headers)
    assert response.url == f"{COMPARE}?p={product.slug}"
    assert not visitor.cookies
    assert visitor.get(f"{COMPARE}select/").status_code == 405


@pytest.mark.parametrize("slug", ["none", "a-draft", "%00", "\0", "<b>"])
def test_drafts_and_unknown_products_are_not_selected(visitor, slug):
    make_product(slug="a-draft", name="Secret", status=Product.Status.DRAFT)
    response = select(visitor, slug, Accept="application/json")
    assert response.status_code == 422
    assert "no longer available" in response.json()["html"]
    assert "Secret" not in bar(visitor)


@pytest.mark.parametrize(
    "value",
    ["nonsense", "1.", ".", "٣", "-1", "9" * 400, ".".join(["1"] * 5000), "<script>", "1;2"],
)
def test_a_cookie_that_the_site_did_not_write_selects_nothing(visitor, value):
    make_product()
    visitor.cookies["comparison"] = value.encode().decode("latin-1")
    assert bar(visitor).strip() == ""
    assert visitor.get(COMPARE).status_code == 200


def test_a_withdrawn_product_leaves_the_selection(visitor):
    product = make_product(name="Withdrawn")
    select(visitor, product.slug)
    Product.objects.update(status=Product.Status.DRAFT)
    assert bar(visitor).strip() == ""
    assert visitor.get(COMPARE).status_code == 200


def test_products_of_the_same_category_are_offered_first(visitor):
    make_product(name="Elsewhere")
    one = make_product()
    make_product(name="Sibling", category=one.category)
    page = visitor.get(f"{COMPARE}?p={one.slug}").content.decode()
    assert page.index("Sibling") < page.index("Elsewhere")


def test_more_than_six_products_show_a_note(visitor):
    products = [make_product() for _ in range(8)]
    response = visitor.get(COMPARE, query_params={"p": [product.slug for product in products]})
    assert response.context["comparison"].products == products[:6]
    page = response.content.decode()
    assert "You can compare up to 6 products" in page
    assert "Add a product" not in page


def test_unknown_products_and_drafts_are_left_out_with_a_note(visitor):
    one = make_product(name="Shown")
    draft = make_product(name="Secret pump", status=Product.Status.DRAFT)
    page = visitor.get(f"{COMPARE}?p={one.slug}&p={draft.slug}&p=none").content.decode()
    assert "Secret pump" not in page
    assert "2 products in this link are no longer available" in page
    assert "1 product in this link" in visitor.get(f"{COMPARE}?p=none").content.decode()


@pytest.mark.parametrize(
    "query",
    ["", "?p=", "?p=&p=", "?p=%00", "?p=%ED%A0%80", "?p=a/b", "?q=1", "?p=" + "a" * 3000,
     "?" + "p=x&" * 900],
)  # fmt: skip
def test_nonsense_is_no_error(visitor, query):
    make_product()
    response = visitor.get(f"{COMPARE}{query}")
    assert response.status_code == 200
    assert "No products selected yet." in response.content.decode()


def test_a_repeated_product_is_shown_once(visitor):
    one = make_product()
    response = visitor.get(f"{COMPARE}?p={one.slug}&p={one.slug}&p=")
    assert response.context["comparison"].products == [one]
    assert response.context["comparison"].unknown_count == 0


def test_cards_and_product_pages_have_a_button_to_compare(visitor):
    one = make_product(featured=True)
    for url in ("/", "/products/", one.category.get_absolute_url(), one.get_absolute_url()):
        page = visitor.get(url).content.decode()
        assert f'data-product="{one.pk}"' in page
        assert f'{COMPARE}select/"' in page


def test_a_comparison_is_safe_and_sets_no_cookie(visitor):
    assert visitor.post(COMPARE).status_code == 405
    response = visitor.get(f"{COMPARE}?p={make_product().slug}")
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert 'content="noindex, follow"' in response.content.decode()


def test_no_product_gets_the_slug_of_the_comparison():
    assert make_product(name="Compare").slug == "compare-product"
    assert make_product(name="Other", slug="compare").slug == "compare-product-2"


def test_six_products_cost_the_same_queries_as_two(visitor):
    make_company()
    products = []
    for _ in range(7):
        products.append(product := make_product())
        product.images.create(image=picture_file())
        product.specifications.create(name="Weight", value="1 t")

    def cost(count: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            rows_on(visitor, *products[:count])
        return len(queries)

    assert cost(2) == cost(3) == cost(6) + 1, "with six products, no others are offered"
