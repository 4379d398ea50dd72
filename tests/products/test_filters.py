"""Searching the catalogue and filtering its lists."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from products.filters import MAX_FACETS, MAX_VALUES, MAX_VALUES_AT_ONCE
from products.models import Category, Product, Specification
from tests.factories import make_company, make_product

pytestmark = pytest.mark.django_db


def names_on(visitor, url: str) -> list[str]:
    """The names of the listed products, in order."""
    response = visitor.get(url)
    assert response.status_code == 200
    return [product.name for product in response.context["products"]]


def make_machine(name: str, *lines: str, **fields) -> Product:
    product = make_product(name=name, **fields)
    for line in lines:
        specification, value = line.split("=")
        product.specifications.create(name=specification, value=value)
    return product


@pytest.mark.parametrize(
    "query",
    ["jaw", "JAW", "pe600", "gyratory", "75 kw", "Motor 75", "8474", "破碎", "机 颚", "PE600-D",
     "كسارة", "كساره", "Drive", "PE-600", "ＰＥ６００", "pe 600", "PE‑600D", "PE٦٠٠",
     '"颚式 破碎机"', "ﾎﾟﾝﾌﾟ", "Kreiselmuehle", "welded frame"],
)  # fmt: skip
def test_a_product_is_found_by_any_part_of_its_texts(visitor, query):
    product = make_machine(
        "Jaw crusher", "Motor power=75 kW", sku="PE600", hs_code="847420",
        name_zh_hans="颚式破碎机", name_ar="كَسّارة", summary="No gyratory one.",
        description="<p>Welded <b>frame</b>, ポンプ, Kreiselmühle.</p><script>secret</script>",
    )  # fmt: skip
    product.variants.create(name="Diesel", sku="PE600-D", specification="Drive by a diesel")
    make_product(name="Road roller")
    assert names_on(visitor, f"/products/?q={query}") == ["Jaw crusher"]


@pytest.mark.parametrize(
    "text",
    ["xyz", "%", "_", "'", '"', "\\", "%00", "%00jaw\x7f!", "%ED%A0%80", "()&|!*", "a" * 5000,
     "a " * 500, "%F0%9F%98%80", "<script>", "-", "%CC%81"],
)  # fmt: skip
def test_nonsense_is_no_error(visitor, text):
    make_machine("Roller", "Weight=12 t")
    assert visitor.get("/products/", query_params={"q": text}).status_code == 200
    for query in (f"q={text}", f"spec={text}", f"spec={text}={text}", f"spec==&spec={text}="):
        response = visitor.get(f"/products/?{query}")
        assert response.status_code == 200, query
        assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("query", ["secret", "75kw0", "5.0", "pe601", "カソリン"])
def test_a_product_is_not_found_by_other_words(visitor, query):
    make_machine("Crusher", "Power=50 kW", sku="PE-600", name_zh_hans="ガソリン",
                 description="<script>secret</script>")  # fmt: skip
    assert names_on(visitor, f"/products/?q={query}") == []


def test_a_percent_sign_is_not_a_wildcard(visitor):
    make_product(name="Roller")
    make_machine("Plant", "Accuracy=1 %")
    assert names_on(visitor, "/products/?q=%25") == ["Plant"]


def test_a_search_can_have_phrases_and_excluded_words(visitor):
    make_product(name="Jaw crusher")
    make_product(name="Crusher with a jaw")
    assert names_on(visitor, '/products/?q="jaw crusher"') == ["Jaw crusher"]
    assert names_on(visitor, "/products/?q=jaw -with") == ["Jaw crusher"]
    assert len(names_on(visitor, "/products/?q=cru*")) == 2


def test_matches_in_model_number_and_name_come_first(visitor):
    make_product(name="Feeder", summary="Feeds the crusher", order=1)
    make_product(name="Crusher PF", order=2)
    make_product(name="Other", sku="crusher", order=3)
    assert names_on(visitor, "/products/?q=Crusher") == ["Other", "Crusher PF", "Feeder"]


def test_a_search_reflects_every_change(visitor):
    product = make_machine("Screen", "Decks=three")
    line = product.specifications.get()
    assert names_on(visitor, "/products/?q=three") == ["Screen"]
    line.value = "four"
    line.save()
    assert names_on(visitor, "/products/?q=three") == []
    assert names_on(visitor, "/products/?q=four") == ["Screen"]
    line.delete()
    assert names_on(visitor, "/products/?q=four") == []
    product.delete()


def test_drafts_are_neither_found_nor_counted(visitor):
    make_machine("Secret", "Weight=1 t", status=Product.Status.DRAFT)
    assert names_on(visitor, "/products/?q=Secret") == []
    assert visitor.get("/products/").context["facets"] == []


def test_values_of_one_specification_widen_and_other_specifications_narrow_the_list(visitor):
    make_machine("A", "Power=75 kW", "Decks=2")
    make_machine("B", "Power=55 kW", "Decks=3")
    make_machine("C", "Power=11 kW", "Decks=3")
    assert names_on(visitor, "/products/?spec=power%3D75+kw") == ["A"]
    assert names_on(visitor, "/products/?spec=power%3D75+kw&spec=power%3D55+kw") == ["A", "B"]
    both = "/products/?spec=power%3D75+kw&spec=power%3D55+kw&spec=decks%3D3"
    assert names_on(visitor, both) == ["B"]
    assert names_on(visitor, f"{both}&q=b") == ["B"]
    assert names_on(visitor, f"{both}&q=a") == []
    assert names_on(visitor, "/products/?spec=POWER%3D75++KW") == ["A"], (
        "case and spaces do not matter"
    )


def test_a_category_offers_the_values_of_its_own_products(visitor):
    crushers = Category.objects.create(name="Crushers")
    below = Category.objects.create(name="Jaws", parent=crushers)
    make_machine("A", "Power=75 kW", category=crushers)
    make_machine("B", "Power=7.5 kW", category=below)
    make_machine("C", "Power=132 kW")
    [facet] = visitor.get("/products/category/crushers/").context["facets"]
    assert facet.name == "Power"
    assert [choice.text for choice in facet.choices] == ["7.5 kW", "75 kW"], "in numerical order"
    assert names_on(visitor, "/products/category/crushers/?spec=power%3D132+kw") == []


def test_each_value_shows_how_many_products_it_would_leave(visitor):
    make_machine("A", "Power=75 kW", "Decks=2")
    make_machine("B", "Power=55 kW", "Decks=3")
    make_machine("C", "Power=55 kW", "Decks=2")
    response = visitor.get("/products/?spec=power%3D75+kw")
    counts = {
        choice.text: (choice.products, choice.is_chosen)
        for facet in response.context["facets"]
        for choice in facet.choices
    }
    assert counts == {"75 kW": (1, True), "55 kW": (2, False), "2": (1, False), "3": (0, False)}
    page = " ".join(response.content.decode().split())
    assert 'value="power=75 kw" checked' in page
    assert 'value="decks=3" disabled' in page


def test_filters_are_translated_and_kept_across_languages(visitor):
    for number, value in enumerate(("75 kW", "55 kW")):
        product = make_product(name=f"P{number}")
        product.specifications.create(name="Power", name_zh_hans="功率", value=value)
    page = visitor.get("/zh-hans/products/?spec=power%3D75+kw").content.decode()
    assert "功率" in page
    assert 'href="/products/?spec=power%3D75+kw"' in page, "the language switch keeps the filter"
    assert names_on(visitor, "/zh-hans/products/?spec=power%3D75+kw") == ["P0"]


def test_each_condition_can_be_removed_separately(visitor):
    make_machine("A", "Power=75 kW")
    page = visitor.get("/products/?q=a&spec=power%3D75+kw&spec=no%3Dsuch").content.decode()
    assert 'href="/products/?q=a&amp;spec=no%3Dsuch"' in page
    assert 'href="/products/?q=a&amp;spec=power%3D75+kw"' in page
    assert 'href="/products/?spec=power%3D75+kw&amp;spec=no%3Dsuch"' in page
    assert "No results found" in page
    assert "Clear all filters" in page


def test_search_engines_do_not_index_filtered_pages(visitor):
    category = make_machine("A", "Power=75 kW").category
    url = category.get_absolute_url()
    plain = visitor.get(url).content.decode()
    assert "noindex" not in plain
    assert 'hreflang="ar"' in plain
    for query in ("q=a", "spec=power%3D75+kw"):
        page = " ".join(visitor.get(f"{url}?{query}").content.decode().split())
        assert 'content="noindex, follow"' in page
        assert f'<link rel="canonical" href="http://testserver{url}">' in page


def test_pagination_keeps_the_filter(visitor):
    category = Category.objects.create(name="Crushers")
    for number in range(30):
        make_machine(f"Crusher {number}", "Power=75 kW", category=category)
    page = visitor.get("/products/?q=crusher&spec=power%3D75+kw").content.decode()
    assert 'href="?q=crusher&amp;spec=power%3D75+kw&amp;page=2"' in page
    assert len(names_on(visitor, "/products/?q=crusher&spec=power%3D75+kw&page=2")) == 6


def test_the_number_of_facets_and_values_is_limited(visitor):
    category = Category.objects.create(name="Crushers")
    for number in range(30):
        lines = [f"Name {name}=Kind {number}" for name in range(10)]
        make_machine(f"Crusher {number}", *lines, category=category)
    facets = visitor.get("/products/").context["facets"]
    assert len(facets) == MAX_FACETS
    assert {len(facet.choices) for facet in facets} == {MAX_VALUES}
    assert {len(facet.first_choices) for facet in facets} == {MAX_VALUES_AT_ONCE}
    chosen = "".join(f"&spec=name+1%3Dkind+{number}" for number in range(40))
    assert len(names_on(visitor, f"/products/?{chosen}")) == 20


def test_a_very_long_list_offers_no_facets(visitor, monkeypatch):
    monkeypatch.setattr("products.filters.MAX_PRODUCTS_WITH_FACETS", 2)
    monkeypatch.setattr("core.pagination.KeysetPaginator.MAX_NUMBERED", 1)
    monkeypatch.setattr("products.views.ProductList.paginate_by", 2)
    category = Category.objects.create(name="Crushers")
    for number in range(2):
        make_machine(f"Crusher {number}", f"Power={number} kW", category=category)
    make_machine("Roller", "Power=5 kW")
    assert visitor.get("/products/").context["facets"] == []
    assert names_on(visitor, "/products/?spec=power%3D5+kw") == ["Roller"]
    assert len(visitor.get(category.get_absolute_url()).context["facets"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?q=crusher",
        "?q=crusher&spec=power%3D0+kw&spec=decks%3D1",
        "?min:weight:t=2&max:decks:=9&sort=down:weight:t",
    ],
)
def test_a_list_costs_the_same_queries_for_ten_products_as_for_thirty(visitor, query):
    make_company()

    def fill(count: int) -> None:
        for number in range(count):
            make_machine(
                "Crusher", "Power=0 kW", f"Weight={number} t", "Decks=1", f"Decks={number}"
            )

    fill(10)
    names_on(visitor, f"/products/{query}")
    with CaptureQueriesContext(connection) as few:
        assert names_on(visitor, f"/products/{query}")
    fill(20)
    with CaptureQueriesContext(connection) as many:
        assert names_on(visitor, f"/products/{query}")
    assert len(many) == len(few) <= 16


def test_a_list_needs_no_script_and_sets_no_cookie(visitor):
    make_machine("A", "Power=75 kW")
    make_machine("B", "Power=55 kW")
    response = visitor.get("/products/?spec=power%3D75+kw")
    page = response.content.decode()
    assert "<script" not in page.split("<main")[1]
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert re.search(r'<form class="search large"\s+id="filter"', page)
    assert page.count('form="filter"') == 3, (
        "the two checkboxes and their button belong to the search form"
    )


def test_bulk_changes_are_found_after_a_refresh(visitor, capsys):
    make_machine("Screen", "Decks=three")
    Product.objects.update(search_text="", name_en="Sieve")
    Specification.objects.update(value_en="four", name_key="", value_key="")
    assert names_on(visitor, "/products/?q=sieve") == []
    call_command("refresh_products")
    assert "Refreshed 1 products." in capsys.readouterr().out
    assert names_on(visitor, "/products/?q=sieve+four&spec=decks%3Dfour") == ["Sieve"]


def test_a_search_with_very_many_results_ranks_the_first_of_them(visitor, monkeypatch):
    monkeypatch.setattr("products.filters.MAX_MATCHES", 5)
    monkeypatch.setattr("products.views.FilteredPaginator.MAX_NUMBERED", 2)
    monkeypatch.setattr("products.views.ProductList.paginate_by", 2)
    for number in range(9):
        make_machine(f"Crusher {number}", "Power=5 kW")
    page = visitor.get("/products/?q=crusher")
    assert "More than 4 products" in page.content.decode()
    assert len(names_on(visitor, "/products/?q=crusher&page=2")) == 2
    assert visitor.get("/products/?q=crusher&page=3").status_code == 404
    assert names_on(visitor, "/products/?q=crusher+8") == ["Crusher 8"]


def test_texts_are_searched_once_for_a_list_without_facets(visitor, monkeypatch):
    monkeypatch.setattr("products.filters.MAX_PRODUCTS_WITH_FACETS", 1)
    for number in range(3):
        make_product(name=f"Pump {number}")
    with CaptureQueriesContext(connection) as queries:
        page = visitor.get("/products/?q=pump")
    assert page.content.count(b"Pump ") >= 3
    searches = [query for query in queries if re.search(r" MATCH |\) AS entry", query["sql"])]
    assert len(searches) == 1
