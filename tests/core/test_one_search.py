"""One search over products, articles and downloads finds what a buyer types."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core.pages.stored_blocks import text_block
from products.models import Category, Download, Product
from products.services.storing import NewProduct, create_products
from tests.factories import make_article, make_page, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def found(visitor):
    """Returns a function that searches and returns the titles found, the best first."""

    def search(words: str, prefix: str = "", **parameters: str) -> list[str]:
        response = visitor.get(f"{prefix}/search/", {"q": words, **parameters})
        assert response.status_code == 200
        titles = re.findall(r"<h2><a [^>]*>(.*?)</a></h2>", response.content.decode())
        return [html.unescape(re.sub("</?mark>", "", title)) for title in titles]

    return search


def make_catalogue() -> None:
    """Products that differ in each of the ways in which the cases look for them."""
    make_product(name="Cone crusher", sku="KNCC-900")
    make_product(name="Bearing", sku="NOR.0707-60")
    make_product(name="Jaw crusher", sku="PE600", summary="Feed opening 600 × 900 mm")
    make_product(name="Large jaw", sku="", summary="Inlet of 900x1200 mm, PE900×1200")
    pump = make_product(name="Pump", sku="SP-1")
    pump.specifications.create(name_en="Motor power", value_en="75kW", name="Motor power")
    pump.variants.create(name_en="Large", sku="SP-1/400V", specification_en="Hopper 7.5 m³")
    make_product(name="Box of gears", sku="G 55", summary="For every factory")
    make_product(name="Щековая дробилка", sku="RU-1")
    make_product(name="كسّارة فكية", sku="AR-1")


CASES = [
    ("kncc-900", "Cone crusher"),
    ("KNCC900", "Cone crusher"),
    ("kncc 900", "Cone crusher"),
    ("kn cc 900", "Cone crusher"),
    ("KN-CC.900", "Cone crusher"),
    ("KNCC90", "Cone crusher"),
    ("NOR.0707-60", "Bearing"),
    ("nor 0707 60", "Bearing"),
    ("NOR070760", "Bearing"),
    ("0707-60", "Bearing"),
    ("070760", "Bearing"),
    ("0707", "Bearing"),
    ("600x900", "Jaw crusher"),
    ("600×900", "Jaw crusher"),
    ("600 * 900", "Jaw crusher"),
    ("600 X 900", "Jaw crusher"),
    ("600х900", "Jaw crusher"),
    ("PE 600", "Jaw crusher"),
    ("900×1200", "Large jaw"),
    ("pe 900x1200", "Large jaw"),
    ("PE900 * 1200", "Large jaw"),
    ("75 kW", "Pump"),
    ("75kw pump", "Pump"),
    ("motor 75 kw", "Pump"),
    ("sp 1 400 v", "Pump"),
    ("SP1400V", "Pump"),
    ("7.5 m³", "Pump"),
    ("jaws crushers", "Jaw crusher"),
    ("bearings", "Bearing"),
    ("boxes", "Box of gears"),
    ("gear factories", "Box of gears"),
    ("g55", "Box of gears"),
    ("щековые дробилки", "Щековая дробилка"),
    ("كسارات", "كسّارة فكية"),
]


def test_products_are_found_by_everything_that_a_buyer_types(found):
    make_catalogue()
    for words, name in CASES:
        assert found(words)[:1] == [name], words


NOT_FOUND = ["KNCC901", "0708-60", "600x901", "75x", "76 kw", "75 m³", "kw 7.5 pump", "70760"]


def test_other_numbers_are_not_found(found):
    make_catalogue()
    for words in NOT_FOUND:
        assert found(words) == [], words


def test_the_product_whose_model_number_was_typed_comes_first(found):
    make_article(title="KNCC-900 KNCC900: cone crushers in the news")
    make_product(name="Spare part for KNCC-900 KNCC900", sku="X-1")
    make_product(name="KNCC-900-L", sku="KNCC-900-L")
    make_product(name="Crusher", sku="KNCC-900")
    for words in ("KNCC900", "kncc-900", "kncc 900"):
        names = found(words, kind="product")
        assert names[0] == "Crusher", words
        assert len(names) == 3
    assert found("kncc900")[0] == "Crusher"


def test_at_equal_rank_products_come_before_articles(found):
    make_product(name="Crusher one")
    make_article(title="Crusher two")
    make_article(title="Other", body="<p>crusher</p>")
    assert found("crusher") == ["Crusher one", "Crusher two", "Other"]


def test_results_are_grouped_by_kind_with_counts_and_can_be_limited_to_one(visitor, found):
    for number in range(7):
        make_product(name=f"Crusher {number}")
        make_article(title=f"Crushing {number}, crusher")
    page = visitor.get("/search/?q=crusher").content.decode()
    assert "14 results" in page
    assert len(found("crusher")) == 10, "the first five of each kind"
    for name, label in (("product", "Products"), ("article", "Articles")):
        assert f'href="?q=crusher&amp;kind={name}"' in page
        assert re.search(rf"{label} <span>7</span>", page)
        assert len(found("crusher", kind=name)) == 7
    for unknown in ("user", "", "\0", "x" * 500):
        assert len(found("crusher", kind=unknown)) == 10


def test_the_pages_of_one_kind_stay_in_it(visitor):
    make_article(title="Crusher")
    for number in range(12):
        make_product(name=f"Crusher {number}")
    first = visitor.get("/search/?q=crusher&kind=product").content.decode()
    [link] = re.findall(r'<a [^>]*rel="next"[^>]*href="([^"]*)"', first)
    assert html.unescape(link) == "?q=crusher&kind=product&page=2"
    second = visitor.get(f"/search/{html.unescape(link)}").content.decode()
    assert len(re.findall('<article class="result"', second)) == 2


def test_drafts_of_products_and_their_files_are_not_found(found):
    product = make_product(name="Crusher", sku="KNCC-900")
    product.downloads.create(title="Crusher manual", kind="manual", file="downloads/a.pdf")
    assert found("crusher") == ["Crusher", "Crusher manual"]
    Product.objects.update(status="draft")
    assert found("crusher") == found("KNCC900") == []


def test_a_download_is_found_by_its_title_and_its_product_with_a_link_to_the_file(visitor):
    product = make_product(name="Cone crusher", sku="KNCC-900")
    file = product.downloads.create(title="ISO 9001", kind="certificate", file="downloads/a.pdf")
    for words in ("iso9001", "certificate iso", "kncc900 iso"):
        page = visitor.get("/search/", {"q": words}).content.decode()
        assert (file.get_absolute_url() in page) == (words != "certificate iso")
    product.name = "Renamed"
    product.save()
    assert file.get_absolute_url() in visitor.get("/search/?q=renamed+iso").content.decode()
    Download.objects.all().delete()
    assert file.get_absolute_url() not in visitor.get("/search/?q=iso").content.decode()


def test_pages_are_found_by_the_texts_of_their_blocks_in_each_language(found):
    blocks = [text_block({"en": "<p>Our foundry</p>", "ar": "<p>مسبك</p>"})]
    page = make_page(title_en="About us", title_ar="من نحن", blocks=blocks)
    assert found("foundry") == ["About us"]
    assert found("مسبك", "/ar") == ["من نحن"]
    assert found("foundry", "/ar") == []
    page.blocks[0]["hidden"] = True
    page.save()
    assert found("foundry") == []
    page.status = page.Status.DRAFT
    page.save()
    assert found("about us") == []


def test_categories_are_found(visitor):
    category = Category.objects.create(name="Cone crushers")
    page = visitor.get("/search/?q=cone+crusher").content.decode()
    assert category.get_absolute_url() in page


def test_the_search_follows_changes_of_a_product_and_its_parts(found):
    product = make_product(name="Crusher", sku="A-100")
    specification = product.specifications.create(name="Power", value="75 kW")
    variant = product.variants.create(name="Large", sku="B-200")
    assert found("75kw") == found("b200") == ["Crusher"]
    specification.delete()
    variant.sku = "C-300"
    variant.save()
    assert found("75kw") == found("b200") == []
    assert found("c 300") == ["Crusher"]
    product.delete()
    assert found("crusher") == []


def test_products_that_are_stored_in_bulk_are_found(found):
    category = make_product(name="Other").category
    new = [
        Product(name=f"Bulk {n}", slug=f"b{n}", category=category, status="published")
        for n in (1, 2)
    ]
    create_products(NewProduct(product) for product in new)
    assert sorted(found("bulk", kind="product")) == ["Bulk 1", "Bulk 2"]


def test_a_search_takes_the_same_queries_for_one_product_as_for_a_page_full(
    visitor, django_assert_num_queries
):
    def make(number: int) -> None:
        product = make_product(
            name=f"Crusher {number}", category=Category.objects.create(name=f"Class {number}")
        )
        product.specifications.create(name="Power", value="75 kW")
        product.downloads.create(title="Crusher", file="downloads/a.pdf")

    make(0)
    visitor.get("/search/?q=first")  # reads what every process keeps
    with CaptureQueriesContext(connection) as one:
        visitor.get("/search/?q=crusher")
    for number in range(1, 9):
        make(number)
    with django_assert_num_queries(len(one)):
        visitor.get("/search/?q=crusher")


def test_the_search_of_the_product_list_is_the_same(visitor):
    make_catalogue()
    for words, name in CASES:
        page = visitor.get("/products/", {"q": words}).content.decode()
        names = re.findall(r'<h3 dir="auto"><a [^>]*>(.*?)</a>', page)
        assert names[:1] == [name], words
