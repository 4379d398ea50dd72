"""The page of a product, and its downloads."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from products.models import Download, Product, Variant
from products.queries import find_related
from tests.factories import make_company, make_product, picture_file

pytestmark = pytest.mark.django_db


def pdf(content: bytes = b"%PDF-1.7 and so on") -> ContentFile:
    return ContentFile(content, name="certificate.pdf")


def test_a_product_page_shows_the_terms_of_trade(visitor):
    product = make_product(port="Qingdao", lead_time="30 days", hs_code="847420")
    page = visitor.get(product.get_absolute_url()).content.decode()
    for text in ("Port", "Qingdao", "Lead time", "30 days", "HS code", "847420"):
        assert text in page
    page = visitor.get(make_product().get_absolute_url()).content.decode()
    for text in ("Port<", "Lead time", "HS code", "Variants", "Downloads"):
        assert text not in page, "empty terms are not shown"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("847420", "847420"), ("8474.20", "847420"), ("8474 20 10 00", "8474201000"), ("", "")],
)
def test_an_hs_code_is_stored_as_digits(typed, stored):
    product = make_product(hs_code=typed)
    product.full_clean()
    assert product.hs_code == stored


@pytest.mark.parametrize(
    "typed", ["84742", "84742010000", "84742a", "847420\n", "٨٤٧٤٢٠", "-847420"]
)
def test_invalid_hs_codes_are_rejected(typed):
    with pytest.raises(ValidationError, match="HS code with 6 to 10 digits"):
        Product(name="Crusher", hs_code=typed).full_clean(exclude=["category"])


def test_the_default_unit_is_translated_too(visitor):
    product = make_product(unit="set", unit_zh_hans="套")
    url = product.get_absolute_url()
    assert "1 <bdi>set</bdi>" in visitor.get(url).content.decode()
    assert "1 <bdi>套</bdi>" in visitor.get(f"/zh-hans{url}").content.decode()


def test_each_variant_links_to_the_inquiry_form(visitor):
    product = make_product()
    variant = product.variants.create(
        name="With diesel & skid", name_zh_hans="柴油机", sku="PE600-D", specification="92 kW"
    )
    page = visitor.get(product.get_absolute_url()).content.decode()
    for text in ("With diesel &amp; skid", "PE600-D", "92 kW"):
        assert text in page
    query = f"/inquiry/?product={product.slug}&amp;variant={variant.pk}"
    assert f'href="{query}"' in page
    assert "柴油机" in visitor.get(f"/zh-hans{product.get_absolute_url()}").content.decode()


def test_model_numbers_of_variants_are_unique_unless_empty():
    product = make_product()
    product.variants.create(name="A")
    product.variants.create(name="B")
    product.variants.create(name="C", sku="C1")
    with pytest.raises(ValidationError, match="Another variant already uses this model number"):
        Variant(product=product, name="D", sku="C1").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        product.variants.create(name="D", sku="C1")


def test_downloads_are_sent_as_attachments(visitor):
    product = make_product(slug="jaw", datasheet=pdf(b"%PDF-1.7 sheet"))
    certificate = product.downloads.create(title="CE", kind="certificate", file=pdf())
    page = visitor.get("/products/jaw/").content.decode()
    for url, name, content in (
        (
            certificate.get_absolute_url(),
            f"jaw-certificate-{certificate.pk}.pdf",
            b"%PDF-1.7 and so on",
        ),
        ("/products/jaw/datasheet/", "jaw-datasheet.pdf", b"%PDF-1.7 sheet"),
    ):
        assert f'href="{url}"' in page
        response = visitor.get(url)
        assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.getvalue() == content
    assert "Certificate, PDF" in page


def test_downloads_of_drafts_and_missing_files_are_not_found(visitor):
    draft = make_product(slug="draft", status=Product.Status.DRAFT, datasheet=pdf())
    draft_download = draft.downloads.create(title="CE", file=pdf())
    product = make_product(slug="jaw")
    missing = product.downloads.create(title="CE", file=pdf())
    default_storage.delete(missing.file.name)
    for url in (
        draft_download.get_absolute_url(), "/products/draft/datasheet/", "/products/jaw/datasheet/",
        missing.get_absolute_url(), f"/products/download/{product.pk}/{draft_download.pk}/",
        f"/products/download/{'9' * 30}/{'9' * 30}/",
    ):  # fmt: skip
        assert visitor.get(url).status_code == 404, url
    assert visitor.post(missing.get_absolute_url()).status_code == 405


def test_a_download_must_be_a_pdf_of_a_known_kind():
    product = make_product()
    with pytest.raises(ValidationError, match="not a PDF"):
        Download(product=product, title="CE", file=pdf(b"<html>")).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        product.downloads.create(title="CE", kind="virus", file=pdf())


def related_to(product: Product) -> list[Product]:
    """The related products of the page, and of the row as it is read without its page."""
    related = list(find_related(Product.objects.for_page().get(pk=product.pk)))
    assert list(find_related(Product.objects.get(pk=product.pk))) == related
    return related


def test_related_products_are_chosen_by_hand_or_of_the_same_category():
    product = make_product()
    sibling = make_product(category=product.category)
    assert related_to(product) == [sibling]
    chosen, draft = make_product(), make_product(status=Product.Status.DRAFT)
    product.related_products.set([draft, product])
    assert related_to(product) == [sibling], "without drafts and the product itself"
    product.related_products.set([chosen, draft])
    assert related_to(product) == [chosen]
    assert related_to(chosen) == [], "the relation is not symmetrical"


def test_pictures_are_in_order_and_enlarged_without_script(visitor):
    product = make_product()
    product.images.create(image=picture_file(), alt="Second", order=2)
    first = product.images.create(image=picture_file("JPEG"), alt="First", order=1)
    page = visitor.get(product.get_absolute_url()).content.decode()
    assert page.index("First") < page.index("Second")
    assert 'popovertarget="picture-1"' in page
    assert 'id="picture-2"' in page
    assert f'<a href="{first.image.url}">' in page
    assert first.image.url in visitor.get("/products/").content.decode()


def test_a_page_costs_the_same_queries_however_many_parts_a_product_has(visitor):
    make_company()

    def cost(count: int) -> int:
        product = make_product()
        for number in range(count):
            product.images.create(image=picture_file())
            product.specifications.create(name=f"Name {number}", value="1")
            product.variants.create(name=f"Variant {number}")
            product.downloads.create(title=f"Document {number}", file=pdf())
            other = make_product(category=product.category)
            other.images.create(image=picture_file())
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(product.get_absolute_url()).status_code == 200
        return len(queries)

    assert cost(1) == cost(4) <= 12
