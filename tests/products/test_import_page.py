"""The page that imports products: how files are read, matched, explained and corrected."""

import re
from datetime import datetime
from io import BytesIO

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from core.spreadsheets.formats import CSV, XLSX
from core.spreadsheets.matching import RowMatcher
from core.uploads.models import StoredUpload
from products.models import Category, Product
from tests.factories import make_product, make_user
from tests.products.test_spreadsheets import LIST, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(as_user):
    return as_user(make_user("Managers"))


@pytest.fixture(autouse=True)
def categories() -> dict[str, Category]:
    crushers = Category.objects.create(name="Crushers", name_zh_hans="破碎设备")
    jaw = Category.objects.create(
        name="Jaw crushers", slug="jaw", parent=crushers, name_zh_hans="颚式破碎机"
    )
    mixers = Category.objects.create(name="Mixers/pumps", slug="mixers")
    first = Category.objects.create(name="Spare parts", slug="jaw-parts", parent=jaw)
    second = Category.objects.create(name="Spare parts", slug="mixer-parts", parent=mixers)
    return {"jaw": jaw, "mixers": mixers, "first": first, "second": second}


def preview(client, content: str | bytes = "", name: str = "products.csv", **options):
    """The page that shows what an import would change."""
    data = content if isinstance(content, bytes) else content.encode()
    files = {"import_file": SimpleUploadedFile(name, data)} if data else {}
    return client.post(f"{LIST}import/", {**files, **options})


def confirm(client, page, follow: bool = False):
    assert "confirm_form" in page.context, text(page)
    return client.post(
        f"{LIST}process_import/", page.context["confirm_form"].initial, follow=follow
    )


def token(page) -> str:
    return re.search(r'name="import_file-stored" value="([^"]+)"', page.content.decode())[1]


def problems(page) -> list[tuple]:
    return [tuple(problem) for problem in page.context["result"].problems]


def read_as(page) -> dict[str, str]:
    return dict(page.context["reading"])


GERMAN = "sku;name_en;category;min_order\r\nPE-1;Mühle für Kies;Crushers;1.000\r\n"


def test_the_preview_says_how_the_file_was_read(manager):
    page = preview(manager, GERMAN.encode("cp1252"))
    assert read_as(page) == {
        "Character set": "Western European (Windows-1252)",
        "Separator": "Semicolon (;)",
        "Decimal sign": "Comma: 12,5",
    }
    assert "Western European (Windows-1252)</bdi>" in text(page)
    confirm(manager, page)
    product = Product.objects.get()
    assert (product.name_en, product.min_order) == ("Mühle für Kies", 1000)
    assert not StoredUpload.objects.exists(), "the stored file is deleted"


def test_the_stored_file_can_be_read_differently(manager):
    russian = "name_en;category\r\nкран;Crushers\r\n".encode("cp1251")
    first = preview(manager, russian)
    assert not Product.objects.exists()
    second = preview(
        manager, **{"import_file-stored": token(first), "charset": "koi8-r", "separator": ""}
    )
    assert read_as(second)["Character set"] == "Cyrillic (KOI8-R)"
    assert "ЙПЮМ" in text(second)
    assert token(second) == token(first), "the file is not stored twice"
    third = preview(manager, **{"import_file-stored": token(second), "charset": "cp1251"})
    confirm(manager, third)
    assert Product.objects.get().name_en == "кран"


def test_the_chosen_decimal_sign_and_separator_are_used_by_the_import(manager):
    content = "name_en|category|min_order\nMill|Crushers|1.000\n"
    page = preview(manager, content, separator="pipe", decimal="comma")
    confirm(manager, page)
    assert Product.objects.get().min_order == 1000


def test_a_file_that_was_read_wrongly_stays_attached(manager):
    page = preview(manager, "name_en;category\nMill;Crushers\n", separator="comma")
    assert "confirm_form" not in page.context
    assert "Unknown column: name_en;category." in text(page)
    page = preview(manager, **{"import_file-stored": token(page), "separator": "semicolon"})
    confirm(manager, page)
    assert Product.objects.get().name_en == "Mill"


def test_a_file_with_too_many_cells_in_a_row_stays_attached(manager):
    page = preview(manager, "name_en;category\nA;Crushers;x;y\n")
    assert "Row 2 has 4 cells, but there are 2 headings." in text(page)
    assert '<select name="separator"' in text(page)
    assert token(page)


def test_a_file_with_an_error_in_a_cell_stays_attached(manager):
    page = preview(manager, "name_en,category\nMill,Unknown\n")
    assert problems(page)
    Category.objects.create(name="Unknown")
    confirm(manager, preview(manager, **{"import_file-stored": token(page)}))
    assert Product.objects.get().category.name == "Unknown"


def test_a_corrected_file_replaces_the_stored_one(manager):
    page = preview(manager, "name_en,category\nMill,Unknown\n")
    stored = {"import_file-stored": token(page)}
    page = preview(manager, "name_en,category\nScreen,Crushers\n", **stored)
    confirm(manager, page)
    assert Product.objects.get().name_en == "Screen"


def test_an_expired_file_must_be_selected_again(manager):
    page = preview(manager, "name_en,category\nMill,Crushers\n")
    StoredUpload.objects.update(expires_at=timezone.now())
    response = confirm(manager, page, follow=True)
    assert "The uploaded file is no longer available. Select it again." in text(response)
    assert not Product.objects.exists()


def test_a_stored_file_of_another_user_is_not_imported(manager, as_user):
    page = preview(manager, "name_en,category\nMill,Crushers\n")
    other = as_user(make_user("Managers"))
    assert "no longer available" in text(confirm(other, page, follow=True))
    assert not Product.objects.exists()


def test_one_of_several_sheets_can_be_chosen(manager):
    book = Workbook()
    book.active.title = "2025"
    for sheet, name in [(book.active, "Old"), (book.create_sheet("2026"), "New")]:
        sheet.append(["name_en", "category"])
        sheet.append([name, "Crushers"])
    out = BytesIO()
    book.save(out)
    page = preview(manager, out.getvalue(), "products.xlsx")
    assert read_as(page) == {"Sheet": "2025"}
    page = preview(manager, **{"import_file-stored": token(page), "sheet": "2026"})
    assert read_as(page) == {"Sheet": "2026"}
    confirm(manager, page)
    assert Product.objects.get().name_en == "New"


def test_an_xlsx_file_with_one_sheet_offers_no_choice(manager):
    book = Workbook()
    book.active.append(["name_en", "category"])
    book.active.append(["Mill", "Crushers"])
    out = BytesIO()
    book.save(out)
    page = preview(manager, out.getvalue(), "any name at all")
    assert page.context["reading"] == []
    assert "<select" not in page.content.decode().partition('id="content"')[2]


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("jaw", "jaw"),
        ("Jaw crushers", "jaw"),
        ("JAW  crushers", "jaw"),
        ("Crushers > Jaw crushers", "jaw"),
        ("Crushers>Jaw crushers", "jaw"),
        ("Crushers / Jaw crushers", "jaw"),
        ("crushers/jaw crushers", "jaw"),
        ("Crushers » Jaw crushers", "jaw"),
        ("Crushers › Jaw crushers", "jaw"),
        ("Crushers \\ Jaw crushers", "jaw"),
        ("Crushers -> Jaw crushers", "jaw"),
        ("Crushers &gt; Jaw crushers", "jaw"),
        ("Crushers\u200b >\xa0Jaw crushers", "jaw"),
        ("破碎设备＞颚式破碎机", "jaw"),
        ("破碎设备 / 颚式破碎机", "jaw"),
        ("Mixers/pumps", "mixers"),
        ("Mixers/pumps / Spare parts", "mixer-parts"),
        ("Jaw crushers > Spare parts", "jaw-parts"),
        ("Crushers > Jaw crushers > Spare parts", "jaw-parts"),
    ],
)
def test_a_category_is_found_by_slug_name_or_path(manager, typed, slug):
    confirm(manager, preview(manager, f'name_en,category\nMill,"{typed}"\n'))
    assert Product.objects.get().category.slug == slug


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (
            "Spare parts",
            "Several categories have the name “Spare parts”. Enter one of: "
            "Crushers > Jaw crushers > Spare parts; Mixers/pumps > Spare parts.",
        ),
        (
            "Crushers > Screens",
            "No category is named “Crushers > Screens”. Enter one of: Crushers; "
            "Crushers > Jaw crushers; Mixers/pumps; Crushers > Jaw crushers > Spare parts; "
            "Mixers/pumps > Spare parts.",
        ),
        ("", "This cell must not be empty."),
    ],
)
def test_an_unknown_category_is_named_with_those_that_exist(manager, typed, reason):
    page = preview(manager, f"name;category\nMill;{typed}\n")
    assert problems(page) == [(2, "category", typed, reason)]


def test_a_row_without_a_slug_belongs_to_the_product_with_its_model_number(manager, categories):
    product = make_product(name="Old name", slug="old", sku="PE-600", category=categories["jaw"])
    page = preview(manager, "slug,sku,name_en,category\n,pe-600 ,New name,jaw\n")
    assert [row.import_type for row in page.context["result"].rows] == ["update"]
    confirm(manager, page)
    product.refresh_from_db()
    assert (product.slug, product.name_en) == ("old", "New name")
    assert Product.objects.count() == 1


def test_a_row_without_slug_and_model_number_belongs_to_the_product_with_its_name(
    manager, categories
):
    product = make_product(name="Jaw Crusher", slug="old", sku="A", category=categories["jaw"])
    confirm(manager, preview(manager, "name_en,summary_en\n jaw crusher ,Crushes\n"))
    product.refresh_from_db()
    assert (product.slug, product.sku, product.summary_en) == ("old", "A", "Crushes")


def test_products_of_the_same_name_with_different_model_numbers_are_different(manager, categories):
    make_product(name="Jaw crusher", sku="PE-400", category=categories["jaw"])
    rows = "sku,name_en,category\nPE-500,Jaw crusher,jaw\nPE-600,Jaw crusher,jaw\n"
    confirm(manager, preview(manager, rows))
    assert set(Product.objects.values_list("sku", flat=True)) == {"PE-400", "PE-500", "PE-600"}


def test_a_product_without_a_model_number_gets_the_one_in_the_row(manager, categories):
    make_product(name="Jaw crusher", sku="", slug="old", category=categories["jaw"])
    confirm(manager, preview(manager, "sku,name_en,category\nPE-500,Jaw crusher,jaw\n"))
    assert Product.objects.get().slug == "old"
    assert Product.objects.get().sku == "PE-500"


def test_a_row_that_matches_nothing_is_new(manager):
    confirm(manager, preview(manager, "slug,name_en,category\n,Cone crusher,Crushers\n"))
    assert Product.objects.get().slug == "cone-crusher"


def test_a_name_in_another_language_is_compared_too(manager, categories):
    product = make_product(name="Jaw", name_zh_hans="颚破", category=categories["jaw"])
    confirm(manager, preview(manager, "name_zh_hans,summary_zh_hans\n颚破,硬岩\n"))
    product.refresh_from_db()
    assert product.summary_zh_hans == "硬岩"


def test_a_name_that_several_products_have_is_reported(manager, categories):
    for number in range(2):
        make_product(name="Mill", sku=str(number), category=categories["jaw"])
    page = preview(manager, "Name,unit\nMill,set\n")
    reason = "Several items are named “Mill”. Add the slug, which tells them apart."
    assert problems(page) == [(2, "Name", "Mill", reason)]


@pytest.mark.parametrize(
    "rows",
    [
        "slug,name_en,category\na,A,jaw\na,B,jaw\n",
        "sku,name_en,category\nX,A,jaw\nx,B,jaw\n",
        "name_en,category\nMill,jaw\nmill,jaw\n",
    ],
)
def test_two_rows_for_the_same_product_are_reported(manager, rows):
    page = preview(manager, rows)
    assert problems(page) == [(3, "", "", "This row describes the same item as row 2.")]
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    "headings",
    [
        "name_en,category,sku",
        "Name,Category,Model number",
        " NAME ,category*,model number",
        "\u200bname,CATEGORY,Model\xa0number",
        "name [en],category,SKU",
        "名称,分类,型号",
    ],
)
def test_headings_can_be_the_labels_of_the_form(manager, headings):
    page = preview(manager, f"{headings}\nMill,Crushers,M-1\n")
    confirm(manager, page)
    assert Product.objects.values_list("name_en", "sku").get() == ("Mill", "M-1")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("name_en,price\nA,1\n", "Unknown column: price. The sample file shows all columns."),
        ("name_en,Name\nA,B\n", "The columns “name_en” and “Name” have the same meaning."),
        ("name_en,,category\nA,1,jaw\n", "Column 2 has no heading."),
        ("name_en,category\n", "The file has no rows below its headings."),
        ("\n", "The file has no rows."),
    ],
)
def test_errors_in_the_headings_are_explained_once(manager, content, reason):
    page = preview(manager, content)
    assert page.context["result"].general_problems == [reason]
    assert problems(page) == []
    assert reason in text(page)


def test_errors_name_the_row_and_column_of_the_file_and_what_was_found(manager):
    rows = "# Explained,,,\n\nMill,Crushers,many,maybe\nScreen,Crushers,2,yes\n"
    page = preview(manager, f"Name,Category,Minimum order,Featured\n{rows}")
    assert problems(page) == [
        (4, "Minimum order", "many", "“many” is not a whole number."),
        (4, "Featured", "maybe", "“maybe” is not valid. Enter 1 or 0."),
    ]
    assert "<code>Minimum order</code></td> <td><bdi>many</bdi></td>" in text(page)
    assert "1 row that begins with “#”" in text(page)


def test_a_model_number_that_became_a_date_is_reported(manager):
    book = Workbook()
    book.active.append(["Name", "Category", "Model number"])
    book.active.append(["Mill", "Crushers", datetime(2026, 1, 3)])
    out = BytesIO()
    book.save(out)
    page = preview(manager, out.getvalue(), "products.xlsx")
    reason = "The spreadsheet program has turned this cell into a date. Make it a text."
    assert problems(page) == [(2, "Model number", "2026-01-03 00:00:00", reason)]


@pytest.mark.parametrize("word", ["exception", "traceback", "error:", "integrity", "null", "none"])
def test_errors_have_no_technical_words(manager, word, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("IntegrityError: NULL constraint")

    monkeypatch.setattr("products.spreadsheets.resource.create_products", fail)
    page = preview(manager, "name_en,category\nMill,Crushers\n")
    assert problems(page) == [
        (2, "", "", "This row cannot be imported. Compare it with the sample file.")
    ]
    content = text(page).partition("Nothing was imported")[2].partition("</table>")[0]
    assert word not in re.sub("<[^>]+>", " ", content).lower()


@pytest.mark.parametrize(("extension", "kind"), [("csv", CSV), ("xlsx", XLSX)])
def test_the_sample_file_has_all_columns_and_can_be_imported(manager, extension, kind):
    page = manager.get(f"{LIST}import/")
    url = f"{LIST}import/sample.{extension}"
    assert f'href="{url}"' in page.content.decode()
    response = manager.get(url)
    assert f"product-sample.{extension}" in response.headers["Content-Disposition"]
    exported = manager.post(f"{LIST}export/", {"format": "0", "resource": "0"})
    dataset = kind().create_dataset(response.content)
    assert set(dataset.headers) == set(CSV().create_dataset(exported.content).headers)
    assert dataset.reading.notes == 1
    page = preview(manager, response.content, f"sample.{extension}")
    assert [row.import_type for row in page.context["result"].rows] == ["new", "new"]
    confirm(manager, page)
    crusher, plate = Product.objects.order_by("order")
    assert (crusher.slug, plate.slug) == ("example-jaw-crusher", "example-jaw-plate")
    assert list(plate.related_products.all()) == [crusher]
    page = preview(manager, response.content, f"sample.{extension}")
    assert [row.import_type for row in page.context["result"].rows] == ["skip", "skip"]


def test_every_column_of_the_sample_file_is_explained(manager):
    response = manager.get(f"{LIST}import/sample.xlsx")
    sheet = load_workbook(BytesIO(response.content)).active
    headings, notes, *_rows = sheet.iter_rows(values_only=True)
    assert notes[0].startswith("# slug: ")
    assert [name for name, note in zip(headings, notes, strict=True) if not note] == []


@pytest.mark.parametrize("role", ["Editors", "Sales"])
def test_users_who_may_not_import_get_no_sample(as_user, role):
    assert as_user(make_user(role)).get(f"{LIST}import/sample.csv").status_code == 403


def test_other_sample_files_do_not_exist(manager):
    assert manager.get(f"{LIST}import/sample.pdf").status_code == 404


def test_the_page_names_the_limit_to_the_browser(manager):
    page = text(manager.get(f"{LIST}import/"))
    assert 'data-max-bytes="41943040"' in page
    assert 'data-too-large="This file is larger than 40 MB. Import it in parts."' in page
    assert re.search(r'<script src="/static/admin/file_limits[^"]*\.js" defer>', page)


def test_rows_are_matched_with_the_same_number_of_queries_for_any_number_of_rows(
    categories, django_assert_num_queries
):
    for count in (2, 300):
        rows = [[str(n), f"sku-{n}", f"Mill {n}"] for n in range(count)]
        table = tablib.Dataset(*rows, headers=["slug", "sku", "name_en"])
        with django_assert_num_queries(3):
            RowMatcher(Product.objects.all(), table, "sku", ["name_en", "name_ar"])
