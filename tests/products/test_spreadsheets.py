"""Importing and exporting products as CSV and XLSX files."""

from pathlib import Path

import pytest
import tablib
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from core.spreadsheets.formats import CSV, XLSX
from products.models import Category, Product
from tests.factories import make_product, make_user, picture_file

pytestmark = pytest.mark.django_db

LIST = "/admin/products/product/"
FORMATS = {CSV: "0", XLSX: "1"}


@pytest.fixture
def manager(as_user):
    return as_user(make_user("Managers"))


@pytest.fixture
def crushers() -> Category:
    return Category.objects.create(name="Crushers")


def export(client, kind=CSV) -> list[dict]:
    response = client.post(f"{LIST}export/", {"format": FORMATS[kind], "resource": "0"})
    assert "attachment" in response.headers.get("Content-Disposition", ""), text(response)
    return kind().create_dataset(response.content).dict


def table(rows) -> tablib.Dataset:
    headers = list(dict.fromkeys(name for row in rows for name in row))
    return tablib.Dataset(*[[row.get(name, "") for name in headers] for row in rows],
                          headers=headers)  # fmt: skip


def dry_run(client, *rows, kind=CSV):
    """The page of the dry run."""
    file = SimpleUploadedFile("products", kind().export_data(table(rows)))
    form = {"import_file": file, "format": FORMATS[kind], "resource": "0"}
    return client.post(f"{LIST}import/", form)


def import_rows(client, *rows, kind=CSV):
    page = dry_run(client, *rows, kind=kind)
    assert "confirm_form" in page.context, text(page)
    return client.post(f"{LIST}process_import/", page.context["confirm_form"].initial)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def lines(rows, *fields) -> list[tuple]:
    return [tuple(getattr(row, field) for field in fields) for row in rows]


def row(**cells) -> dict:
    return {
        "slug": "jaw", "name_en": "Jaw crusher", "category": "crushers", "min_order": 1,
        "unit_en": "set", "status": "published", "featured": 0, "order": 0,
    } | cells  # fmt: skip


@pytest.mark.parametrize("kind", FORMATS)
def test_importing_an_export_changes_nothing(manager, kind, crushers):
    product = make_product(
        name="=Jaw", name_ar="كسارة", sku="-600", category=crushers, hs_code="847420",
        port="Qingdao", lead_time_zh_hans="30 天", description="<p>Crushes.</p>", unit="set",
    )  # fmt: skip
    product.specifications.create(name="Power", name_zh_hans="功率", value="75 kW", order=1)
    product.specifications.create(name="Weight", value="16 t", order=2)
    product.variants.create(name="Diesel", sku="PE-D", specification="92 kW")
    product.images.create(image=picture_file(), alt="The machine")
    product.related_products.add(make_product(slug="feeder"))
    exported = next(row for row in export(manager, kind) if row["sku"] == "-600")
    assert exported["name_en"] == "=Jaw"
    assert exported["specifications_en"] == "Power | 75 kW\nWeight | 16 t"
    assert exported["specifications_zh_hans"] == "功率 |\n|"
    assert exported["variants_en"] == "Diesel | PE-D | 92 kW"
    assert exported["images"].endswith(".png | The machine")
    assert exported["related_products"] == "feeder"
    page = dry_run(manager, exported, kind=kind)
    assert [result.import_type for result in page.context["result"].rows] == ["skip"], text(page)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_sheet_imports_products_with_all_their_lines(manager, kind, crushers, visitor):
    import_rows(
        manager,
        row(
            hs_code="8474.20", sku=600,
            specifications_en="Power | 75 kW\n\nWeight | 16 t\n",
            specifications_ar="القدرة | \nالوزن | 16 طن",
            variants_en="Diesel | PE-D | 92 kW\nElectric",
        ),
        kind=kind,
    )  # fmt: skip
    product = Product.objects.get(slug="jaw")
    assert product.category == crushers
    assert (product.hs_code, product.sku) == ("847420", "600")
    assert lines(product.specifications.all(), "name_en", "value_en", "name_ar", "value_key") == [
        ("Power", "75 kW", "القدرة", "75 kw"),
        ("Weight", "16 t", "الوزن", "16 t"),
    ]
    assert lines(product.variants.all(), "name", "sku", "specification") == [
        ("Diesel", "PE-D", "92 kW"),
        ("Electric", "", ""),
    ]
    for url in ("/products/?q=diesel", "/products/?spec=power%3D75+kw"):
        assert "Jaw crusher" in visitor.get(url).content.decode()


def test_a_line_is_identified_by_its_name_and_keeps_its_translations(manager, crushers):
    import_rows(manager, row(specifications_en="Power | 75 kW\nWeight | 16 t"))
    product = Product.objects.get()
    product.specifications.filter(name="Weight").update(name_ar="الوزن")
    weight = product.specifications.get(name="Weight")
    import_rows(manager, {"slug": "jaw", "specifications_en": "Weight | 17 t\nDecks | 3"})
    assert lines(product.specifications.all(), "name_en", "value_en", "name_ar") == [
        ("Weight", "17 t", "الوزن"),
        ("Decks", "3", None),
    ]
    assert product.specifications.get(name="Weight").pk == weight.pk
    import_rows(manager, {"slug": "jaw", "specifications_zh_hans": "重量 |\n层数 | 三"})
    assert lines(product.specifications.all(), "name_zh_hans", "value_en") == [
        ("重量", "17 t"), ("层数", "3"),
    ]  # fmt: skip
    import_rows(manager, {"slug": "jaw", "specifications_en": ""})
    assert not product.specifications.exists()


def test_variants_can_exchange_their_model_numbers(manager, crushers):
    import_rows(manager, row(variants_en="A | 1\nB | 2"))
    import_rows(manager, {"slug": "jaw", "variants_en": "A | 2\nB | 1"})
    assert lines(Product.objects.get().variants.all(), "name", "sku") == [("A", "2"), ("B", "1")]


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"category": "none"}, "category", "No category is named “none”. Enter one of: Crushers."),
        ({"category": ""}, "category", "cannot be null"),
        ({"name_en": ""}, "name_en", "cannot be blank"),
        ({"min_order": "many"}, "min_order", "“many” is not a whole number."),
        ({"min_order": "1.5"}, "min_order", "“1.5” is not a whole number."),
        ({"order": "9" * 40}, "order", "is not a whole number."),
        ({"featured": "maybe"}, "featured", "“maybe” is not valid. Enter 1 or 0."),
        ({"hs_code": "12"}, "hs_code", "6 to 10 digits"),
        ({"status": "sold"}, "status", "sold"),
        ({"related_products": "jaw, none"}, "related_products", "“jaw” is not known."),
        ({"specifications_en": "Power | 75 | kW"}, "specifications_en", "more than 2 parts"),
        ({"specifications_en": "Power"}, "specifications_en", "A required part is missing."),
        ({"specifications_en": f"A | {'x' * 201}"}, "specifications_en", "Line 1: "),
        ({"specifications_en": "a | b\n" * 101}, "specifications_en", "at most 100 lines"),
        ({"specifications_en": "A | 1", "specifications_ar": "ب | 1\nج | 2"},
         "specifications_ar", "This cell has 2 lines, but specifications_en has 1."),
        ({"variants_en": "A | " + "1" * 61}, "variants_en", "Line 1: "),
        ({"images": "jaw.jpg"}, "images", "No image named “jaw.jpg” found."),
    ],
)  # fmt: skip
def test_an_invalid_cell_is_reported_with_row_and_reason(manager, crushers, cells, column, reason):
    page = dry_run(manager, row(slug="good"), row(**cells))
    assert "confirm_form" not in page.context
    [bad] = page.context["result"].invalid_rows
    assert bad.number == 2
    assert list(bad.field_specific_errors) == [column]
    assert reason in " ".join(bad.field_specific_errors[column])
    assert f"<td>3</td> <td><code>{column}</code></td>" in text(page), "the header is row 1"
    assert not Product.objects.exists()


def test_a_missing_translation_is_not_filled_from_the_admins_language(manager, crushers):
    manager.cookies["django_language"] = "zh-hans"
    page = dry_run(manager, row())
    manager.post(
        f"{LIST}process_import/",
        page.context["confirm_form"].initial,
        headers={"Accept-Language": "zh-hans"},
    )
    assert Product.objects.get().name_zh_hans in (None, "")


@pytest.mark.parametrize("role", ["Editors", "Sales"])
def test_users_without_permission_cannot_import(as_user, crushers, role):
    client = as_user(make_user(role))
    assert client.get(f"{LIST}import/").status_code == 403
    assert dry_run(client, row()).status_code == 403
    assert client.post(f"{LIST}process_import/", {}).status_code == 403


def save_sheet(folder: Path, rows: list[dict], name: str = "products.csv") -> Path:
    path = folder / name
    path.write_bytes((XLSX if name.endswith("xlsx") else CSV)().export_data(table(rows)))
    return path


@pytest.mark.parametrize("name", ["products.csv", "products.XLSX"])
def test_the_command_reads_pictures_from_a_folder(tmp_path, crushers, capsys, name):
    (tmp_path / "jaw 1.jpg").write_bytes(picture_file("JPEG").read())
    (tmp_path / "section.png").write_bytes(picture_file("PNG", (300, 200)).read())
    rows = [row(images="jaw 1.jpg | The machine\nsection.png")]
    file = save_sheet(tmp_path, rows, name.lower()).rename(tmp_path / name)
    call_command("import_products", str(file), "--pictures", str(tmp_path), "--dry-run")
    assert "Would create 1 products" in capsys.readouterr().out
    assert not Product.objects.exists()
    call_command("import_products", str(file), "--pictures", str(tmp_path))
    assert "Created 1 products and changed 0" in capsys.readouterr().out
    product = Product.objects.get()
    assert lines(product.images.all(), "alt", "width") == [("The machine", 640), ("", 300)]
    stored = lines(product.images.all(), "pk", "image")
    call_command("import_products", str(file), "--pictures", str(tmp_path))
    assert lines(product.images.all(), "pk", "image") == stored, "the command can be run twice"


def test_a_dry_run_stores_no_picture(tmp_path, crushers):
    def stored() -> set[str]:
        return set(default_storage.listdir("products")[1])

    make_product().images.create(image=picture_file())
    before = stored()
    (tmp_path / "new.png").write_bytes(picture_file("PNG", (77, 99)).read())
    file = save_sheet(tmp_path, [row(images="new.png")])
    call_command("import_products", str(file), "--pictures", str(tmp_path), "--dry-run")
    assert stored() == before


@pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd", "sub/a.png", "..\\a.png", ".."])
def test_no_file_outside_the_folder_can_be_read(tmp_path, crushers, name):
    (tmp_path / "secret.png").write_bytes(picture_file().read())
    folder = tmp_path / "pictures"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a.png").write_bytes(picture_file().read())
    file = save_sheet(tmp_path, [row(images=name)])
    with pytest.raises(CommandError, match="Row 2, column images: No image named"):
        call_command("import_products", str(file), "--pictures", str(folder))
    assert not Product.objects.exists()


def test_a_file_that_is_not_a_picture_is_rejected_by_its_content(tmp_path, crushers):
    (tmp_path / "jaw.png").write_bytes(b"<svg onload=alert(1)>")
    file = save_sheet(tmp_path, [row(images="jaw.png")])
    with pytest.raises(
        CommandError, match=r"column images: jaw\.png: This file is not a supported image"
    ):
        call_command("import_products", str(file), "--pictures", str(tmp_path))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("none.csv", None, "cannot be read"),
        ("products.txt", b"slug", "not a .csv"),
        ("products.xlsx", b"PK\x03\x04 broken", "not a table|not an XLSX file"),
        ("products.csv", b"\x00\x01\x02\x03" * 9, "This file is not a table"),
        ("products.csv", b"slug,price\njaw,1\n", "Unknown column: price. The sample file"),
        ("products.csv", b"name_en\nJaw\n", "Row 2, column category: This cell must not be empty"),
    ],
)
def test_a_file_that_is_not_a_product_sheet_is_rejected(tmp_path, name, content, reason):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CommandError, match=reason):
        call_command("import_products", str(tmp_path / name))


def test_a_missing_folder_is_reported(tmp_path):
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("import_products", "a.csv", "--pictures", str(tmp_path / "none"))


def test_an_export_costs_the_same_queries_for_two_products_as_for_ten(
    manager, django_assert_max_num_queries
):
    for number in range(10):
        product = make_product()
        product.specifications.create(name="Power", value=f"{number} kW")
        product.images.create(image=picture_file())
    with django_assert_max_num_queries(20):
        assert len(export(manager)) == 10
