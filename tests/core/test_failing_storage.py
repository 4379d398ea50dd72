"""Uploads of the staff while the disk is full or read-only, or the bucket does not answer."""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.module_loading import import_string
from PIL import Image

from config import env
from contacts.models import Company, Contact
from core.richtext.models import Picture
from core.spreadsheets.models import SpreadsheetJob
from core.uploads.models import StoredUpload
from inquiries.models import Inquiry
from inquiries.services import assign_inquiry
from news.models import Article
from products.models import Category, Product
from tests.contacts.test_phone_links import CONTACT_FORM
from tests.contacts.test_site import make_form_data
from tests.disks import SmallDisk, small_disk, use_private_folder
from tests.factories import (
    make_contact,
    make_inquiry,
    make_user,
    picture_file,
)
from tests.inquiries.test_adding_inquiries import form_data as inquiry_form_data
from tests.inquiries.urls import change_url
from tests.news.steps import ADD_URL, new_article_data
from tests.object_storage import ObjectStorage

pytestmark = pytest.mark.django_db

ERROR = "The file could not be stored. Try again later."
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"


def large_pdf(name: str = "large.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF + os.urandom(2 * SmallDisk.SIZE), "application/pdf")


def small_pdf(name: str = "small.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


def large_picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.frombytes("RGB", (300, 300), os.urandom(300 * 300 * 3)).save(out, "PNG")
    return SimpleUploadedFile("large.png", out.getvalue(), "image/png")


@pytest.fixture
def disk(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    """A small disk with the public uploads."""
    with small_disk(tmp_path / "disk", monkeypatch) as disk:
        settings.MEDIA_ROOT = disk.folder / "media"
        yield disk


@pytest.fixture
def private_disk(disk: SmallDisk, monkeypatch: pytest.MonkeyPatch) -> SmallDisk:
    """A small disk with the private files, too."""
    use_private_folder(disk.folder / "private", monkeypatch)
    return disk


@pytest.fixture
def staff(as_user: Any) -> Client:
    return as_user(make_user(is_superuser=True))


def errors(response: Any) -> dict[str, list[str]]:
    """The errors of all forms on a page, by the names of their fields."""
    assert response.status_code in {200, 422}
    forms = [response.context["adminform"].form]
    for inline in response.context.get("inline_admin_formsets") or ():
        forms += inline.formset.forms
    return {
        form.add_prefix(name): list(texts) for form in forms for name, texts in form.errors.items()
    }


def product_form_data(**fields: Any) -> dict[str, Any]:
    for prefix in ("specifications", "variants", "images", "downloads"):
        fields.setdefault(f"{prefix}-TOTAL_FORMS", 0)
        fields[f"{prefix}-INITIAL_FORMS"] = 0
    category = Category.objects.create(name="Crushers")
    defaults = {"name_en": "Jaw crusher", "category": category.pk, "status": "draft"}
    return {**defaults, "min_order": 1, "unit_en": "set", "order": 0, **fields}


@pytest.mark.parametrize("is_read_only", [False, True])
def test_a_cover_that_does_not_fit_is_an_error_of_its_field(staff, disk, is_read_only):
    if is_read_only:
        disk.make_read_only()
    data = new_article_data(staff, body_en="<p>A long text.</p>", cover=large_picture())
    response = staff.post(ADD_URL, data)
    assert errors(response) == {"cover": [ERROR]}
    form = response.context["adminform"].form
    assert form["title_en"].value() == "A new crusher"
    assert form["body_en"].value() == "<p>A long text.</p>"
    assert not Article.objects.exists()
    assert disk.files() == []


@pytest.mark.parametrize(
    ("url", "field", "data"),
    [
        ("/admin/contacts/site/", "logo", make_form_data()),
        (
            "/admin/contacts/contact/add/",
            "photo",
            {"name": "July", "title_en": "Sales"} | CONTACT_FORM,
        ),
        ("/admin/products/category/add/", "image", {"name_en": "Crushers", "order": 0}),
    ],
)
def test_so_is_every_other_picture(staff, disk, url, field, data):
    response = staff.post(url, {**data, field: large_picture()})
    assert errors(response) == {field: [ERROR]}
    assert not Contact.objects.exists()
    assert not Category.objects.exists()
    assert not Company.get_solo().logo
    assert disk.files() == []


def test_the_other_files_of_the_form_are_removed_and_offered_again(staff, disk):
    data = product_form_data(
        datasheet=small_pdf(),
        **{"images-TOTAL_FORMS": 1, "images-0-image": large_picture(), "images-0-order": 0},
        **{"downloads-TOTAL_FORMS": 1, "downloads-0-file": small_pdf("ce.pdf")},
        **{"downloads-0-title_en": "CE", "downloads-0-kind": "certificate"},
        **{"downloads-0-order": 0},
    )
    url = "/admin/products/product/add/"
    response = staff.post(url, data)
    assert errors(response) == {"images-0-image": [ERROR]}
    assert not Product.objects.exists()
    assert disk.files() == []
    assert {upload.name for upload in StoredUpload.objects.all()} == {"small.pdf", "ce.pdf"}
    tokens = {upload.name: upload.token for upload in StoredUpload.objects.all()}
    del data["datasheet"], data["downloads-0-file"]
    data |= {"datasheet-stored": tokens["small.pdf"], "downloads-0-file-stored": tokens["ce.pdf"]}
    response = staff.post(url, data | {"images-0-image": picture_file()})
    assert response.status_code == 302
    product = Product.objects.get()
    assert product.datasheet.read() == PDF
    assert len(disk.files()) == 3


def test_a_file_is_removed_if_its_row_cannot_be_saved(staff, disk, monkeypatch):
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the database fails")

    monkeypatch.setattr(Category, "save", fail)
    with pytest.raises(RuntimeError):
        staff.post(
            "/admin/products/category/add/",
            {"name_en": "Crushers", "order": 0, "image": picture_file()},
        )
    assert disk.files() == []


def test_a_form_with_another_error_stores_no_file(staff, disk):
    data = {"name_en": "", "order": 0, "image": picture_file()}
    response = staff.post("/admin/products/category/add/", data)
    assert list(errors(response)) == ["name_en"]
    assert disk.files() == []


def test_a_preview_stores_no_file(staff, disk):
    data = new_article_data(staff, cover=picture_file())
    assert staff.post("/admin/news/article/preview/", data).status_code == 200
    assert disk.files() == []


@pytest.mark.parametrize("bucket", ["missing", "down"])
def test_a_bucket_that_fails_is_an_error_of_the_field(staff, monkeypatch, bucket):
    with ObjectStorage() as service:
        endpoint = service.endpoint if bucket == "missing" else "http://127.0.0.1:1"
        field = Category._meta.get_field("image")
        monkeypatch.setattr(field, "storage", bucket_storage(monkeypatch, endpoint))
        data = {"name_en": "Crushers", "order": 0, "image": picture_file()}
        response = staff.post("/admin/products/category/add/", data)
    assert errors(response) == {"image": [ERROR]}
    assert response.context["adminform"].form["name_en"].value() == "Crushers"
    assert not Category.objects.exists()


def test_files_are_removed_from_the_bucket_again(staff, disk, monkeypatch):
    with ObjectStorage() as service:
        service.create_bucket("missing")
        storage = bucket_storage(monkeypatch, service.endpoint)
        monkeypatch.setattr(Product._meta.get_field("datasheet"), "storage", storage)
        data = product_form_data(datasheet=small_pdf())
        data |= {"images-TOTAL_FORMS": 1, "images-0-order": 0, "images-0-image": large_picture()}
        response = staff.post("/admin/products/product/add/", data)
        assert errors(response) == {"images-0-image": [ERROR]}
        assert service.names("missing") == []
    assert StoredUpload.objects.get().name == "small.pdf"


def bucket_storage(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> Any:
    url = f"s3://key:secret@missing?endpoint={endpoint}&region=us-east-1"
    monkeypatch.setenv("STORAGE_URL", url)
    options, _url = env.storage("STORAGE_URL")
    return import_string(options["BACKEND"])(**options["OPTIONS"])


@pytest.fixture
def inquiry() -> Inquiry:
    inquiry = make_inquiry()
    assign_inquiry(inquiry, make_contact(name="July", user=make_user("Sales")), by=None)
    return inquiry


def test_an_answer_is_not_sent_without_its_files(staff, inquiry, private_disk):
    events = inquiry.events.count()
    files = [small_pdf(), large_pdf()]
    data = {"new_status": inquiry.status, "answer": "Here is our offer.", "answer_files": files}
    data |= {"contact": inquiry.assigned_to_id}
    response = staff.post(change_url(inquiry), data)
    assert errors(response) == {"answer_files": [ERROR]}
    assert response.context["adminform"].form["answer"].value() == "Here is our offer."
    assert inquiry.events.count() == events
    assert not inquiry.attachments.exists()
    stored = StoredUpload.objects.all()
    assert len(private_disk.files()) == len(stored), "only what the form lists"
    assert [upload.name for upload in stored] == ["small.pdf"]


def test_an_inquiry_is_not_added_without_its_files(staff, private_disk):
    data = inquiry_form_data(attachments=[small_pdf(), large_pdf()])
    response = staff.post("/admin/inquiries/inquiry/add/", data)
    assert errors(response) == {"attachments": [ERROR]}
    assert response.context["adminform"].form["message"].value() == data["message"]
    assert not Inquiry.objects.exists()
    assert [upload.name for upload in StoredUpload.objects.all()] == ["small.pdf"]
    assert len(private_disk.files()) == 1


def test_a_sheet_that_cannot_be_stored_is_an_error_of_its_field(staff, private_disk, monkeypatch):
    monkeypatch.setattr("core.spreadsheets.forms.MAX_IMMEDIATE_ROWS", 1)
    rows = "".join(f"S-{number},Crusher {number},{'x' * 100}\n" for number in range(1000))
    sheet = SimpleUploadedFile("sheet.csv", f"sku,name_en,summary_en\n{rows}".encode())
    response = staff.post("/admin/products/product/import/", {"import_file": sheet})
    assert response.context["form"].errors == {"import_file": [ERROR]}
    assert not SpreadsheetJob.objects.exists()
    assert private_disk.files() == []


def test_a_picture_of_the_editor_that_cannot_be_stored_is_an_error_in_its_dialog(staff, disk):
    response = staff.post("/admin/richtext/upload/", {"upload": large_picture()})
    assert response.json()["uploaded"] == 0
    assert "could not be saved" in response.json()["error"]["message"]
    assert not Picture.objects.exists()
    assert disk.files() == []


def test_a_smaller_copy_that_does_not_fit_is_left_out(
    staff, disk, visitor, django_capture_on_commit_callbacks
):
    out = BytesIO()
    Image.frombytes("RGB", (520, 38), os.urandom(520 * 38 * 3)).save(out, "PNG")
    upload = SimpleUploadedFile("wide.png", out.getvalue(), "image/png")
    with django_capture_on_commit_callbacks(execute=True):
        data = {"name_en": "Crushers", "order": 0, "image": upload}
        assert staff.post("/admin/products/category/add/", data).status_code == 302
    image = Category.objects.get().image
    assert default_storage.exists(image.name)
    copy = image.name.replace(".png", ".480.webp")
    assert not default_storage.exists(copy)
    assert visitor.get(f"/media/{copy}").getvalue() == image.read()
