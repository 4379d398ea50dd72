"""Filtering and sorting lists of products by the numbers in their specifications."""

from random import Random

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils.http import urlencode

from demo.bulk.products import create_categories, write_products
from products.filters import RangeFacet
from products.models import Category, Product, Specification
from products.services.numbers import store_numbers
from tests.factories import make_product, make_user
from tests.products.test_filters import make_machine, names_on
from tests.products.test_import_page import confirm, preview

pytestmark = pytest.mark.django_db


@pytest.fixture
def crushers() -> Category:
    """Five crushers with capacities and weights in several units."""
    category = Category.objects.create(name="Crushers", slug="crushers")
    for name, capacity, weight in (
        ("A", "50–120 t/h", "16.8 t"),
        ("B", "up to 90 t/h", "9,500 kg"),
        ("C", "80,000 kg/h", "12 t"),
        ("D", "≥ 200 t/h", "30 t"),
        ("E", "on request", "5 t"),
    ):
        make_machine(name, f"Capacity={capacity}", f"Weight={weight}", category=category)
    return category


def listed(visitor, *pairs: tuple[str, str]) -> list[str]:
    return names_on(visitor, f"/products/category/crushers/?{urlencode(pairs)}")


def facets(visitor, *pairs: tuple[str, str]) -> dict[str, RangeFacet]:
    response = visitor.get(f"/products/category/crushers/?{urlencode(pairs)}")
    return {facet.name: facet for facet in response.context["facets"]}


@pytest.mark.parametrize(
    ("pairs", "names"),
    [
        ([("min:capacity:t/h", "100")], ["A", "D"]),
        ([("min:capacity:t/h", "80")], ["A", "B", "C", "D"]),
        ([("max:capacity:t/h", "60")], ["A", "B"]),
        ([("min:capacity:t/h", "130"), ("max:capacity:t/h", "190")], []),
        ([("min:capacity:kg/h", "100000")], ["A", "D"]),
        ([("min:capacity:t/h", "100000 kg/h")], ["A", "D"]),
        ([("min:weight:t", "9.5"), ("max:weight:t", "12")], ["B", "C"]),
        ([("max:weight:kg", "9,500")], ["B", "E"]),
        ([("max:weight:kg", "٩٥٠٠")], ["B", "E"]),
        ([("min:capacity:t/h", "80"), ("max:weight:t", "12")], ["B", "C"]),
        ([("min:WEIGHT:T", "13")], ["A", "D"]),
        ([("min:capacity:t/h", "100"), ("q", "16.8")], ["A"]),
        ([("min:weight:t", "13"), ("spec", "weight=16.8 t")], ["A"]),
    ],
)
def test_products_are_found_by_the_least_and_the_most(visitor, crushers, pairs, names):
    assert listed(visitor, *pairs) == names


@pytest.mark.parametrize(
    "pair",
    [
        ("min:capacity:t/h", ""),
        ("min:capacity:t/h", "many"),
        ("min:capacity:t/h", "100 kg"),
        ("min:capacity:t/h", "100–200"),
        ("min:capacity:t/h", "1" * 500),
        ("min:capacity:t/h", "99999999999999999"),
        ("min:capacity:t/h", "\x00"),
        ("min:capacity:furlong", "100"),
        ("min:capacity", "100"),
        ("min::t/h", "100"),
        ("min:", "100"),
        ("min", "100"),
        ("least:capacity:t/h", "100"),
        ("min:" + "x" * 5000 + ":t", "1"),
        ("sort", "up"),
        ("sort", "up:capacity:furlong"),
        ("sort", "up::t"),
        ("sort", "sideways:capacity:t/h"),
        ("sort", "-pk"),
        ("sort", "search_text"),
        ("sort", "\x00"),
        ("sort", "x" * 5000),
    ],
)
def test_what_is_no_number_is_ignored(visitor, crushers, pair):
    assert listed(visitor, pair) == ["A", "B", "C", "D", "E"]
    assert listed(visitor, pair, ("min:weight:t", "13")) == ["A", "D"]


def test_a_specification_that_no_product_has_leaves_none(visitor, crushers):
    assert listed(visitor, ("min:colour:t", "1")) == []
    assert listed(visitor, ("min:weight:m", "1")) == [], "no product is weighed in metres"


def test_many_parameters_are_read_up_to_a_limit(visitor, crushers):
    assert len(listed(visitor, *[(f"min:x{n}:", "") for n in range(300)])) == 5
    assert listed(visitor, *[(f"min:x{n}:", "1") for n in range(300)]) == []


def test_a_specification_with_numbers_is_one_pair_of_fields_instead_of_checkboxes(
    visitor, crushers
):
    found = facets(visitor)
    weight = found["Weight"]
    assert isinstance(weight, RangeFacet)
    assert (weight.unit.symbol, weight.lowest, weight.highest) == ("t", "5", "30")
    assert weight.products == 5
    assert found["Capacity"].products == 4
    page = " ".join(visitor.get("/products/category/crushers/").content.decode().split())
    assert page.count('form="filter" name="min:weight:t" value=""') == 1
    assert page.count('form="filter" name="max:weight:t" value=""') == 1
    assert 'value="weight=' not in page


def test_suggested_numbers_have_the_number_of_products_that_they_leave(visitor, crushers):
    suggestions = facets(visitor)["Weight"].suggestions
    assert suggestions
    for suggestion in suggestions:
        names = names_on(visitor, f"/products/category/crushers/?{suggestion.query_string}")
        assert len(names) == suggestion.products < 5


def test_counts_consider_the_rest_of_the_filter(visitor, crushers):
    found = facets(visitor, ("min:capacity:t/h", "80"), ("max:weight:t", "12"))
    assert found["Weight"].products == len(["B", "C"])
    assert found["Weight"].ends == [("min:weight:t", ""), ("max:weight:t", "12")]
    assert found["Capacity"].products == len(["B", "C"])
    assert (found["Weight"].lowest, found["Weight"].highest) == ("9.5", "30"), "of A to D"
    for suggestion in [*found["Weight"].suggestions, *found["Capacity"].suggestions]:
        names = names_on(visitor, f"/products/category/crushers/?{suggestion.query_string}")
        assert len(names) == suggestion.products


def test_a_product_with_two_such_numbers_is_counted_once(visitor, crushers):
    make_machine("F", "Weight=20 t", "Weight=25 t", category=crushers)
    assert facets(visitor)["Weight"].products == 6
    assert facets(visitor, ("min:weight:t", "20"))["Weight"].products == 2


def test_each_range_is_a_chip_that_can_be_removed(visitor, crushers):
    query = urlencode([("min:capacity:t/h", "80"), ("min:weight:t", "9.5"), ("max:weight:t", "12")])
    response = visitor.get(f"/products/category/crushers/?{query}")
    chips = {(chip.name, chip.value): chip.query_string for chip in response.context["chips"]}
    assert chips == {
        ("Capacity", "≥ 80 t/h"): urlencode([("min:weight:t", "9.5"), ("max:weight:t", "12")]),
        ("Weight", "9.5–12 t"): urlencode([("min:capacity:t/h", "80")]),
    }
    assert "2 products" in " ".join(response.content.decode().split())
    assert 'content="noindex, follow"' in response.content.decode()


def test_numbers_mean_the_same_after_the_language_is_switched(visitor, crushers):
    make_machine("F", "Weight=1.125 t", category=crushers)
    query = visitor.get("/products/category/crushers/?max:weight:t=1.125").context["query_string"]
    for language in ("", "/zh-hans", "/ar"):
        assert names_on(visitor, f"{language}/products/category/crushers/?{query}") == ["F"]


def test_few_numbers_and_numbers_without_a_unit_are_choices(visitor):
    category = Category.objects.create(name="Crushers", slug="crushers")
    for number in range(1, 5):
        make_machine(
            f"{number}",
            f"Decks={number}",
            f"Power={55 if number < 3 else 75} kW",
            category=category,
        )
    found = facets(visitor)
    assert [choice.text for choice in found["Decks"].choices] == ["1", "2", "3", "4"]
    assert [choice.text for choice in found["Power"].choices] == ["55 kW", "75 kW"]
    assert listed(visitor, ("min:decks:", "3")) == ["3", "4"]


def test_texts_of_a_specification_stay_choices_beside_its_numbers(visitor, crushers):
    make_machine("F", "Capacity=600 × 900 mm", category=crushers)
    response = visitor.get("/products/category/crushers/")
    kinds = [
        type(facet).__name__ for facet in response.context["facets"] if facet.name == "Capacity"
    ]
    assert sorted(kinds) == ["Facet", "RangeFacet"]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["A", "B", "C", "D", "E"]),
        ("newest", ["E", "D", "C", "B", "A"]),
        ("name", ["A", "B", "C", "D", "E"]),
        ("up:weight:t", ["E", "B", "C", "A", "D"]),
        ("down:weight:kg", ["D", "A", "C", "B", "E"]),
        ("up:capacity:t/h", ["A", "C", "B", "D", "E"]),
        ("down:capacity:t/h", ["D", "A", "B", "C", "E"]),
    ],
)
def test_lists_are_sorted(visitor, crushers, sort, names):
    assert listed(visitor, ("sort", sort)) == names
    filtered = [name for name in names if name in "ABD"]
    pairs = [("min:capacity:t/h", "85"), ("sort", sort)]
    assert listed(visitor, *pairs) == filtered
    response = visitor.get(f"/products/category/crushers/?{urlencode(pairs)}")
    assert f'<option value="{sort}" selected>' in response.content.decode() or sort.endswith("kg")
    if sort:
        assert urlencode({"sort": sort}) in response.context["query_string"]
        assert 'content="noindex, follow"' in response.content.decode()


def test_names_are_sorted_in_the_language_of_the_page_with_fallbacks(visitor):
    category = Category.objects.create(name="Crushers", slug="crushers")
    make_product(name="zebra", name_ar="أ", category=category)
    make_product(name="Alpha", name_ar="ي", category=category)
    make_product(name="beta", category=category)
    assert listed(visitor, ("sort", "name")) == ["Alpha", "beta", "zebra"]
    assert names_on(visitor, "/ar/products/?sort=name") == ["beta", "أ", "ي"]


def test_a_sorted_list_has_pages(visitor, monkeypatch, crushers):
    monkeypatch.setattr("products.views.ProductList.paginate_by", 2)
    assert listed(visitor, ("sort", "up:weight:t"), ("page", "2")) == ["C", "A"]
    assert listed(visitor, ("sort", "newest"), ("page", "3")) == ["A"]


def test_a_long_list_is_sorted_only_by_age(visitor, monkeypatch, crushers):
    monkeypatch.setattr("products.filters.MAX_PRODUCTS_WITH_FACETS", 2)
    assert listed(visitor, ("sort", "up:weight:t")) == ["A", "B", "C", "D", "E"]
    assert listed(visitor, ("sort", "newest"))[0] == "E"
    assert listed(visitor, ("min:weight:t", "13")) == ["A", "D"]


@pytest.mark.parametrize("limit", [2, 3])
def test_many_products_with_a_number_are_listed_like_few(visitor, monkeypatch, crushers, limit):
    monkeypatch.setattr("products.filters.MAX_MATCHES", limit)
    assert listed(visitor, ("min:weight:t", "13")) == ["A", "D"]
    assert listed(visitor, ("min:weight:t", "13"), ("sort", "newest")) == ["D", "A"]


def test_an_edited_value_is_a_number_at_once(visitor, crushers):
    specification = Specification.objects.get(value="5 t")
    specification.value = "50 t"
    specification.save()
    assert listed(visitor, ("min:weight:t", "40")) == ["E"]
    specification.value = "heavy"
    specification.save()
    assert listed(visitor, ("min:weight:t", "0")) == ["A", "B", "C", "D"]


def test_imported_values_are_numbers(visitor, as_user):
    Category.objects.create(name="Crushers", slug="crushers")
    manager = as_user(make_user("Managers"))
    for weight in ("7 t", "8 t"):
        sheet = (
            "sku,name_en,status,category,specifications_en\n"
            f"PE-1,Jaw,published,crushers,Weight | {weight}\n"
        )
        assert confirm(manager, preview(manager, sheet)).status_code == 302
        number = weight.removesuffix(" t")
        assert listed(visitor, ("min:weight:t", number), ("max:weight:t", number)) == ["Jaw"]


def test_made_up_products_have_numbers():
    create_categories()
    write_products(Random(1), 1, range(1, 4))  # noqa: S311
    assert Specification.objects.exclude(maximum=None).count() == Specification.objects.count() > 9
    stored = list(Specification.objects.order_by("pk").values_list("minimum", "maximum", "unit"))
    call_command("refresh_products", verbosity=0)
    assert stored == list(
        Specification.objects.order_by("pk").values_list("minimum", "maximum", "unit")
    )


def test_stored_specifications_get_their_numbers_in_batches(crushers, monkeypatch):
    expected = list(Specification.objects.order_by("pk").values("pk", "minimum", "maximum", "unit"))
    Specification.objects.update(minimum=None, maximum=None, unit="")
    monkeypatch.setattr("products.services.numbers.BATCH_SIZE", 3)
    assert store_numbers(Specification, connection.alias, "en") == 9
    assert expected == list(
        Specification.objects.order_by("pk").values("pk", "minimum", "maximum", "unit")
    )


def test_the_product_page_shows_what_was_typed(visitor, crushers):
    page = visitor.get(Product.objects.get(name="B").get_absolute_url()).content.decode()
    assert "9,500 kg" in page
