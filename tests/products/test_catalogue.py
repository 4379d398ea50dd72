"""The lists and categories of the catalogue."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from products.models import Category, Product
from tests.factories import make_company, make_product, make_user, picture_file
from tests.sitemaps import last_part

pytestmark = pytest.mark.django_db


def test_a_product_page_shows_texts_specifications_pictures_and_the_inquiry_link(visitor):
    product = make_product(
        name="Jaw crusher",
        sku="PE600",
        summary="Crushes.",
        description="<p>Very well.</p>",
        min_order=2,
        unit="set",
    )
    product.specifications.create(name="Weight", value="16.8 t")
    product.images.create(image=picture_file(), alt="The machine")
    page = visitor.get(product.get_absolute_url()).content.decode()
    for text in ("Jaw crusher", "PE600", "<p>Very well.</p>", "Weight", "16.8 t", "The machine"):
        assert text in page
    assert f'href="/inquiry/?product={product.slug}"' in page


def test_drafts_are_not_public(visitor):
    product = make_product(name="Secret pump", status=Product.Status.DRAFT, featured=True)
    other = make_product(category=product.category)
    assert visitor.get(product.get_absolute_url()).status_code == 404
    for url in (
        "/", "/products/", product.category.get_absolute_url(), other.get_absolute_url(),
        "/site-index/", last_part(visitor, "products"), "/inquiry/",
    ):  # fmt: skip
        page = visitor.get(url).content.decode()
        assert "Secret pump" not in page
        assert product.slug not in page


def test_an_unknown_product_or_category_is_not_found(visitor):
    assert visitor.get("/products/none/").status_code == 404
    assert visitor.get("/products/category/none/").status_code == 404


def test_a_category_lists_the_products_of_its_subcategories(visitor):
    top = Category.objects.create(name="Top")
    below = Category.objects.create(name="Below", parent=top)
    lowest = Category.objects.create(name="Lowest", parent=below)
    make_product(name="In top", category=top)
    make_product(name="In lowest", category=lowest)
    make_product(name="Elsewhere")
    page = visitor.get("/products/category/top/").content.decode()
    assert "In top" in page
    assert "In lowest" in page
    assert "Elsewhere" not in page
    assert "In top" not in visitor.get("/products/category/below/").content.decode()


def test_categories_reject_circles_and_a_fourth_level():
    top = Category.objects.create(name="Top")
    middle = Category.objects.create(name="Middle", parent=top)
    low = Category.objects.create(name="Low", parent=middle)
    top.parent = low
    with pytest.raises(ValidationError, match="a subcategory of the current one"):
        top.full_clean()
    top.refresh_from_db()
    with pytest.raises(ValidationError, match="three levels"):
        Category(name="Too deep", parent=low).full_clean()
    other = Category.objects.create(name="Other")
    Category.objects.create(name="Below other", parent=other)
    other.parent = middle
    with pytest.raises(ValidationError, match="three levels"):
        other.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Category.objects.filter(pk=other.pk).update(parent=other.pk)


@pytest.mark.parametrize("url", ["/products/", "/", "/site-index/"])
def test_a_page_costs_the_same_queries_for_one_product_as_for_twenty(visitor, url):
    make_company()
    product = make_product(featured=True)
    product.images.create(image=picture_file())
    with CaptureQueriesContext(connection) as one:
        assert visitor.get(url).status_code == 200
    for _ in range(19):
        product = make_product(featured=True)
        product.images.create(image=picture_file())
    with CaptureQueriesContext(connection) as many:
        visitor.get(url)
    assert len(many) == len(one)


def test_model_numbers_of_products_are_unique_unless_empty():
    make_product(sku="")
    make_product(sku="")
    make_product(sku="PE600")
    with pytest.raises(ValidationError, match="already uses this model number"):
        Product(name="Other", sku="PE600", category=Category.objects.first()).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_product(sku="PE600")


@pytest.mark.parametrize(
    ("name", "content", "is_valid"),
    [
        ("sheet.pdf", b"%PDF-1.7 and so on", True),
        ("sheet.pdf", b"<html>", False),
        ("sheet.html", b"%PDF-1.7", False),
        ("sheet.pdf", b"", False),
    ],
)
def test_a_data_sheet_must_contain_a_pdf(as_user, name, content, is_valid):
    category = Category.objects.create(name="Crushers")
    data = {
        "name_en": "Crusher", "category": category.pk, "min_order": 1, "unit_en": "set",
        "status": "draft", "order": 0, "datasheet": SimpleUploadedFile(name, content),
        **{f"{prefix}-{total}_FORMS": 0
           for prefix in ("images", "specifications", "variants", "downloads")
           for total in ("TOTAL", "INITIAL")},
    }  # fmt: skip
    response = as_user(make_user("Managers")).post("/admin/products/product/add/", data)
    if is_valid:
        assert response.status_code == 302, response.context["errors"]
        assert Product.objects.get().datasheet.name.endswith(".pdf")
    else:
        assert list(response.context["adminform"].form.errors) == ["datasheet"]


@pytest.mark.parametrize("role", ["Editors", "Sales"])
def test_only_managers_can_change_the_catalogue(as_user, role):
    product = make_product()
    client = as_user(make_user(role))
    assert client.get("/admin/products/product/").status_code == 200
    assert client.get("/admin/products/product/add/").status_code == 403
    client.post(f"/admin/products/product/{product.pk}/change/", {"name_en": "Changed"})
    product.refresh_from_db()
    assert product.name != "Changed"
