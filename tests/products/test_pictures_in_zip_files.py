"""Importing and exporting a sheet and its pictures in a ZIP file."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from core.spreadsheets.archives import ZIP
from core.spreadsheets.formats import CSV, XLSX
from core.spreadsheets.models import SpreadsheetJob
from core.spreadsheets.work import do_waiting_jobs
from core.uploads.models import StoredUpload
from products.models import Category, Product
from tests.factories import make_product, make_user, picture_file
from tests.products.test_spreadsheets import LIST, row, table, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def crushers() -> Category:
    return Category.objects.create(name="Crushers")


@pytest.fixture
def manager(as_user):
    return as_user(make_user("Managers"))


def picture(*size: int) -> bytes:
    return picture_file("JPEG", size or (640, 360)).read()


def make_zip(*rows, kind=XLSX, **pictures: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as file:
        file.writestr(f"catalogue/products.{kind.__name__}", kind().export_data(table(rows)))
        for name, data in pictures.items():
            file.writestr(f"catalogue/{name}.jpg", data)
    return out.getvalue()


def dry_run(client, data: bytes):
    """The page of the dry run."""
    form = {"import_file": SimpleUploadedFile("a.zip", data), "format": "2", "resource": "0"}
    return client.post(f"{LIST}import/", form)


def confirm(client, page):
    form = page.context["confirm_form"].initial
    return client.post(f"{LIST}process_import/", form, follow=True)


def stored_pictures() -> set[str]:
    return set(default_storage.listdir("products")[1])


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_pictures_are_imported_from_the_zip_file(manager, kind):
    make_product().images.create(image=picture_file())
    before = stored_pictures()
    rows = [row(images="jaw.jpg | The machine\nplan.jpg")]
    page = dry_run(manager, make_zip(*rows, kind=kind, jaw=picture(), plan=picture(300, 200)))
    assert "<code>images</code> <bdi><ins>jaw.jpg | The machine" in text(page)
    assert not Product.objects.filter(slug="jaw").exists()
    assert stored_pictures() == before, "a dry run stores no picture"
    confirm(manager, page)
    images = Product.objects.get(slug="jaw").images.all()
    assert [(image.alt, image.width) for image in images] == [("The machine", 640), ("", 300)]
    assert len(stored_pictures() - before) >= 2


def test_importing_again_changes_nothing(manager):
    data = make_zip(row(images="jaw.jpg"), jaw=picture())
    confirm(manager, dry_run(manager, data))
    before = stored_pictures()
    page = dry_run(manager, data)
    assert [result.import_type for result in page.context["result"].rows] == ["skip"]
    confirm(manager, page)
    assert stored_pictures() == before


def test_missing_and_invalid_pictures_are_reported_for_each_row(manager):
    rows = [row(images="jaw.jpg"), row(slug="b", images="none.jpg"), row(slug="c", images="c.jpg")]
    page = dry_run(manager, make_zip(*rows, jaw=picture(), c=b"<svg onload=alert(1)>"))
    page_text = text(page)
    cell = "<td>{}</td> <td><code>images</code></td> <td><bdi>{}</bdi></td> <td>{}"
    assert cell.format(3, "none.jpg", "No image named “none.jpg”") in page_text
    assert cell.format(4, "c.jpg", "c.jpg: This file is not a supported image") in page_text
    assert "confirm_form" not in page.context
    assert StoredUpload.objects.count() == 1, "the file stays attached"


def test_files_that_are_not_used_in_any_row_are_reported(manager):
    page = dry_run(manager, make_zip(row(images="jaw.jpg"), jaw=picture(), plan=picture()))
    assert "These files in the ZIP file are not used in any row" in text(page)
    assert "<bdi>plan.jpg</bdi>" in text(page)


def test_an_invalid_zip_file_is_reported_at_its_field(manager):
    page = dry_run(manager, b"PK nonsense")
    assert page.context["form"].errors["import_file"] == [
        "This is not a ZIP file, or it is damaged."
    ]


def test_a_file_that_is_too_large_is_rejected_before_it_is_stored(manager, monkeypatch):
    monkeypatch.setattr("core.spreadsheets.forms.MAX_BYTES", 0)
    page = dry_run(manager, make_zip(row()))
    assert "This file is larger than 40 MB. Import it in parts." in text(page)
    assert not StoredUpload.objects.exists()


def test_an_import_that_fails_at_its_last_row_keeps_no_picture(manager):
    rows = [row(images="jaw.jpg"), row(slug="b", related_products="old")]
    old = make_product(slug="old")
    old.images.create(image=picture_file())
    page = dry_run(manager, make_zip(*rows, jaw=picture(99, 77)))
    before = stored_pictures()
    old.delete()
    assert "Nothing was imported" in text(confirm(manager, page))
    assert not Product.objects.exists()
    assert stored_pictures() <= before


def test_users_without_permission_cannot_import_pictures(as_user):
    assert dry_run(as_user(make_user("Editors")), make_zip(row())).status_code == 403


def test_an_export_with_pictures_can_be_imported(manager):
    product = make_product(slug="jaw", name="Jaw", category=Category.objects.get())
    product.images.create(image=picture_file("JPEG", (500, 400)), alt="The machine")
    make_product(slug="bare")
    response = manager.post(f"{LIST}export/?q=jaw", {"format": "2", "resource": "0"})
    assert response.headers["Content-Type"] == "application/zip"
    assert ".zip" in response.headers["Content-Disposition"]
    name = Path(product.images.get().image.name).name
    dataset = ZIP().create_dataset(response.content)
    assert [row["slug"] for row in dataset.dict] == ["jaw"]
    assert dataset.files.unread == [name], "only the filtered products"
    page = dry_run(manager, response.content)
    assert [result.import_type for result in page.context["result"].rows] == ["skip"]
    product.images.all().delete()
    confirm(manager, dry_run(manager, response.content))
    assert [(image.alt, image.width) for image in product.images.all()] == [("The machine", 500)]


def test_a_missing_picture_file_does_not_break_the_export(manager):
    image = make_product().images.create(image=picture_file("JPEG", (123, 45)))
    default_storage.delete(image.image.name)
    response = manager.post(f"{LIST}export/", {"format": "2", "resource": "0"})
    assert len(ZIP().create_dataset(response.content)) == 1


def export_in_worker(manager) -> SpreadsheetJob:
    page = manager.post(f"{LIST}export/?q=jaw", {"format": "2", "resource": "0"})
    assert page.status_code == 302, text(page)
    do_waiting_jobs()
    return SpreadsheetJob.objects.get()


@pytest.mark.parametrize(
    "limit",
    ["core.spreadsheets.admin.MAX_IMMEDIATE_ROWS", "core.spreadsheets.archives.MAX_FILES"],
)
def test_a_large_zip_file_is_made_by_the_worker(manager, monkeypatch, limit):
    files = {}
    for number in range(3):
        product = make_product(slug=f"jaw-{number}", name="Jaw", category=Category.objects.get())
        image = product.images.create(image=picture_file(size=(300 + number, 200)))
        files[Path(image.image.name).name] = image.image.read()
    make_product(name="Other").images.create(image=picture_file(size=(50, 50)))
    monkeypatch.setattr("core.spreadsheets.exporting.CHUNK_WITH_FILES", 2)
    with monkeypatch.context() as patch:
        patch.setattr(limit, 1)
        job = export_in_worker(manager)
    response = manager.get(f"{job.get_absolute_url()}download/")
    assert response.headers["Content-Type"] == "application/zip"
    data = b"".join(response.streaming_content)
    dataset = ZIP().create_dataset(data)
    assert sorted(row["slug"] for row in dataset.dict) == ["jaw-0", "jaw-1", "jaw-2"]
    assert dataset.files.unread == sorted(files), "only of the filtered products"
    assert {name: dataset.files.read(name) for name in files} == files
    page = dry_run(manager, data)
    assert {result.import_type for result in page.context["result"].rows} == {"skip"}


def test_too_many_pictures_are_refused(manager, monkeypatch):
    make_product(name="Jaw").images.create(image=picture_file())
    monkeypatch.setattr("core.spreadsheets.archives.MAX_FILES", 0)
    monkeypatch.setattr("core.spreadsheets.archives.MAX_EXPORTED_MEGABYTES", 0)
    job = export_in_worker(manager)
    assert (job.state, job.file.name) == ("failed", "")
    assert "more than 0 MB of files. Use the list filters" in job.error


def test_too_many_pictures_of_selected_products_are_reported(manager, monkeypatch):
    product = make_product()
    product.images.create(image=picture_file())
    monkeypatch.setattr("core.spreadsheets.archives.MAX_FILES", 0)
    data = {"format": "2", "resource": "0", "export_items": [product.pk]}
    page = manager.post(f"{LIST}export/", data)
    assert "Use the list filters" in text(page)
    assert not SpreadsheetJob.objects.exists()


def test_the_command_also_imports_a_zip_file(tmp_path, capsys):
    file = tmp_path / "products.zip"
    file.write_bytes(make_zip(row(images="jaw.jpg"), jaw=picture()))
    call_command("import_products", str(file))
    assert "Created 1 products" in capsys.readouterr().out
    assert Product.objects.get().images.count() == 1
    file.write_bytes(b"nonsense")
    with pytest.raises(CommandError, match="This is not a ZIP file"):
        call_command("import_products", str(file))
