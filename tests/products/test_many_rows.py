"""Products of a sheet are stored together, with everything that one by one would do."""

import csv
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.staff_log.models import StaffAction
from products.models import Category, Product
from products.services.search_data import rebuild_search_data
from products.spreadsheets import resource as product_resource
from tests.factories import make_product, make_user, picture_file
from tests.products.test_import_page import confirm, preview, problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(as_user):
    return as_user(make_user("Managers"))


@pytest.fixture(autouse=True)
def crushers() -> Category:
    return Category.objects.create(name="Crushers", slug="crushers")


def sheet(*rows: dict[str, object]) -> str:
    columns = dict.fromkeys(column for row in rows for column in row)
    out = StringIO()
    writer = csv.DictWriter(out, [*columns, "category"])
    writer.writeheader()
    writer.writerows([row | {"category": "crushers"} for row in rows])
    return out.getvalue()


def many(count: int, start: int = 0) -> list[dict[str, object]]:
    return [
        {
            "sku": f"PE-{number}",
            "name_en": f"Jaw crusher {number}",
            "name_ar": f"كسارة {number}",
            "status": "published",
            "specifications_en": f"Power | {number} kW\nWeight | 16 t",
            "variants_en": f"Diesel | PE-{number}-D | 92 kW",
        }
        for number in range(start, start + count)
    ]


def import_sheet(manager, *rows: dict[str, object]) -> list[str]:
    """Import the rows; returns the statements of the import."""
    page = preview(manager, sheet(*rows))
    with CaptureQueriesContext(connection) as queries:
        assert confirm(manager, page).status_code == 302
    return [query["sql"] for query in queries]


def test_a_new_product_takes_few_statements(manager):
    few = len(import_sheet(manager, *many(10)))
    more = len(import_sheet(manager, *many(60, start=10)))
    assert (more - few) / 50 < 4, "its slug is looked up, in a savepoint"
    assert Product.objects.count() == 70


def test_everything_of_a_product_is_stored(manager, visitor):
    import_sheet(manager, *many(product_resource.MAX_PENDING + 3))
    product = Product.objects.get(sku=f"PE-{product_resource.MAX_PENDING + 2}")
    number = product_resource.MAX_PENDING + 2
    assert (product.slug, product.status) == (f"jaw-crusher-{number}", "published")
    assert [(row.name_en, row.value_en, row.order) for row in product.specifications.all()] == [
        ("Power", f"{number} kW", 0),
        ("Weight", "16 t", 1),
    ]
    assert [row.sku for row in product.variants.all()] == [f"PE-{number}-D"]
    texts = dict(Product.objects.values_list("pk", "search_text"))
    keys = list(product.specifications.values_list("name_key", "value_key"))
    rebuild_search_data()
    assert dict(Product.objects.values_list("pk", "search_text")) == texts
    assert list(product.specifications.values_list("name_key", "value_key")) == keys
    logged = StaffAction.objects.filter(content_type__model="product")
    assert {int(entry.object_id) for entry in logged} == set(texts)
    assert product.name in visitor.get(product.get_absolute_url()).content.decode()


def test_slugs_are_made_unique_among_rows_that_are_stored_together(manager):
    names = ["Jaw crusher", "Jaw-Crusher", "Jaw crusher!", "Compare", "颚"]
    import_sheet(manager, *({"sku": str(n), "name_en": name} for n, name in enumerate(names)))
    assert list(Product.objects.order_by("sku").values_list("slug", flat=True)) == [
        "jaw-crusher",
        "jaw-crusher-2",
        "jaw-crusher-3",
        "compare-product",
        "e",
    ]


def test_a_slug_that_an_earlier_row_got_is_reported(manager):
    page = preview(
        manager,
        sheet(
            {"slug": "", "sku": "1", "name_en": "Jaw crusher"},
            {"slug": "jaw-crusher", "sku": "2", "name_en": "Another"},
        ),
    )
    [(number, column, found, reason)] = problems(page)
    assert (number, column, found) == (3, "slug", "jaw-crusher")
    assert "already exists" in reason


def test_a_model_number_of_another_product_is_reported(manager, crushers):
    make_product(sku="PE-1", slug="other", category=crushers)
    page = preview(manager, sheet({"slug": "new", "sku": "PE-1", "name_en": "Jaw crusher"}))
    [(number, _column, _found, reason)] = problems(page)
    assert (number, reason) == (2, "Another product already uses this model number.")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"min_order": 0}, "The minimum order must be at least 1."),
        ({"status": "sold"}, "Enter one of: draft (Draft), published (Published)."),
        ({"name_en": "", "name_ar": ""}, "This cell must not be empty."),
    ],
)
def test_a_wrong_cell_among_right_ones_is_reported(manager, cells, reason):
    rows = many(3)
    rows[1] |= cells
    [problem] = problems(preview(manager, sheet(*rows)))
    assert (problem[0], problem[3]) == (3, reason)


def test_a_row_that_the_database_refuses_is_named_and_nothing_is_imported(manager):
    rows = many(4)
    rows[2]["variants_en"] = rows[0]["variants_en"]  # with its model number
    page = preview(manager, sheet(*rows))
    [(number, _column, _found, reason)] = problems(page)
    assert (number, reason) == (
        4,
        "This row cannot be imported. Compare it with the sample file.",
    )
    assert "confirm_form" not in page.context
    assert not Product.objects.exists()


def test_a_row_may_refer_to_one_that_is_stored_with_others(manager):
    rows = [{"related_products": "", **row} for row in many(3)]
    rows[2]["related_products"] = "PE-0, jaw-crusher-1"
    import_sheet(manager, *rows)
    related = Product.objects.get(sku="PE-2").related_products.order_by("sku")
    assert [product.sku for product in related] == ["PE-0", "PE-1"]


def test_a_cached_list_shows_an_imported_product(manager, visitor):
    assert "Jaw crusher 0" not in visitor.get("/products/").content.decode()
    import_sheet(manager, *many(1))
    assert "Jaw crusher 0" in visitor.get("/products/").content.decode()


def stored() -> list[dict[str, object]]:
    return list(Product.objects.order_by("pk").rewrite(False).values())


def changed(rows: list[dict[str, object]], **cells: object) -> list[dict[str, object]]:
    return [row | cells for row in rows]


@pytest.mark.parametrize("cells", [{}, {"summary_en": "Cheaper"}], ids=["unchanged", "changed"])
def test_a_known_product_takes_few_statements(manager, cells):
    import_sheet(manager, *many(70))
    few = len(import_sheet(manager, *changed(many(70)[:10], **cells)))
    more = len(import_sheet(manager, *changed(many(70)[10:], **cells)))
    assert (more - few) / 50 < 3, "each row has a savepoint"
    assert Product.objects.filter(summary_en="Cheaper").count() == (70 if cells else 0)


def test_changed_fields_are_stored_and_others_stay(manager, visitor):
    import_sheet(manager, *many(3))
    before = stored()
    url = Product.objects.get(sku="PE-1").get_absolute_url()
    assert visitor.get(url).status_code == 200
    StaffAction.objects.all().delete()
    rows = [{"sku": "PE-0"}, {"sku": "PE-1", "summary_en": "Strong <b>", "min_order": 5}]
    rows[0] |= {"summary_en": "", "min_order": 1}
    import_sheet(manager, *rows)
    after = stored()
    assert after[0] == before[0]
    assert after[2] == before[2]
    names = {name for name, value in after[1].items() if value != before[1][name]}
    assert names == {"summary", "summary_en", "min_order", "search_text"}
    assert "strong" in after[1]["search_text"]
    assert "pe-1-d" in after[1]["search_text"], "its parts can still be found"
    assert "Strong &lt;b&gt;" in visitor.get(url).content.decode()
    [entry] = StaffAction.objects.all()
    assert entry.object_id == str(after[1]["id"])


def test_changed_parts_and_states_are_stored_too(manager):
    import_sheet(manager, *many(3))
    rows = many(3)
    rows[0]["status"] = "draft"
    rows[1]["specifications_en"] = "Weight | 17 t"
    rows[2]["variants_en"] = ""
    import_sheet(manager, *rows)
    first, second, third = Product.objects.order_by("pk")
    assert first.status == "draft"
    assert [str(row) for row in second.specifications.all()] == ["Weight: 17 t"]
    assert "17 t" in second.search_text
    assert not third.variants.exists()
    assert "pe-2-d" not in third.search_text


def test_a_model_number_can_move_to_a_product_without_one_only(manager):
    import_sheet(manager, *many(2))
    Product.objects.filter(sku="PE-1").update(sku="")
    slug = {"slug": "jaw-crusher-1"}
    [problem] = problems(preview(manager, sheet(slug | {"sku": "PE-0", "name_en": "Mill"})))
    assert problem[3] == "Another product already uses this model number."
    import_sheet(manager, slug | {"sku": "PE-9", "name_en": "Mill"})
    assert Product.objects.get(sku="PE-9").name == "Mill"


def test_the_preview_shows_what_changes(manager):
    import_sheet(manager, *many(2))
    rows = many(2)
    rows[1] |= {"summary_en": "Cheaper", "specifications_en": "Power | 2 kW"}
    result = preview(manager, sheet(*rows)).context["result"]
    assert [row.import_type for row in result.rows] == ["skip", "update"]
    assert dict(result.rows[1].changes) == {
        "summary_en": "<del></del> <ins>Cheaper</ins>",
        "specifications_en": "<del>Power | 1 kW\nWeight | 16 t</del> <ins>Power | 2 kW</ins>",
    }


def test_related_products_and_pictures_can_be_removed(manager):
    import_sheet(manager, *many(2))
    first, second = Product.objects.order_by("pk")
    first.related_products.add(second)
    second.images.create(image=picture_file())
    import_sheet(manager, {"sku": "PE-0", "name_en": "Jaw", "related_products": ""})
    assert not first.related_products.exists()
    import_sheet(manager, {"sku": "PE-1", "name_en": "Mill", "images": ""})
    assert not second.images.exists()
    assert set(Product.objects.values_list("name", flat=True)) == {"Jaw", "Mill"}


def test_pictures_and_related_products_that_a_row_repeats_stay(manager):
    import_sheet(manager, *many(2))
    first, second = Product.objects.order_by("pk")
    first.related_products.add(second)
    image = first.images.create(image=picture_file(), alt="Front")
    name = image.image.name.rpartition("/")[2]
    cells = {"sku": "PE-0", "images": f"{name} | Front", "related_products": "PE-1"}
    import_sheet(manager, {"name_en": "Jaw", **cells})
    first.refresh_from_db()
    assert first.name == "Jaw"
    assert list(first.images.all()) == [image]
    assert list(first.related_products.all()) == [second]


def test_a_model_number_that_an_earlier_row_frees_can_be_used(manager):
    import_sheet(manager, *many(1))
    import_sheet(
        manager,
        {"slug": "jaw-crusher-0", "sku": "PE-9", "name_en": "Jaw"},
        {"slug": "mill", "sku": "PE-0", "name_en": "Mill"},
    )
    assert dict(Product.objects.values_list("slug", "sku")) == {
        "jaw-crusher-0": "PE-9",
        "mill": "PE-0",
    }
