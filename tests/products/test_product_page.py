"""What a product's own page says, offers and lets a buyer take along."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from products.models import Download, Product, Variant
from tests.world import make_company, make_product, picture_file

pytestmark = pytest.mark.django_db


def pdf(content: bytes = b"%PDF-1.7 and so on") -> ContentFile:
    return ContentFile(content, name="paper.pdf")


def test_the_terms_of_trade_stand_beside_the_pictures(reader):
    product = make_product(port="Qingdao", lead_time="30 days", hs_code="847420")
    page = reader.get(product.get_absolute_url()).content.decode()
    for text in ("Port", "Qingdao", "Lead time", "30 days", "HS code", "847420"):
        assert text in page
    page = reader.get(make_product().get_absolute_url()).content.decode()
    for text in ("Port<", "Lead time", "HS code", "Variants", "Downloads"):
        assert text not in page, "what is not known is not mentioned"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("847420", "847420"), ("8474.20", "847420"), ("8474 20 10 00", "8474201000"), ("", "")],
)
def test_an_hs_code_is_kept_as_its_digits(typed, kept):
    product = make_product(hs_code=typed)
    product.full_clean()
    assert product.hs_code == kept


@pytest.mark.parametrize(
    "typed", ["84742", "84742010000", "84742a", "847420\n", "٨٤٧٤٢٠", "-847420"]
)
def test_what_is_no_hs_code_is_refused(typed):
    with pytest.raises(ValidationError, match="HS code has 6 to 10 digits"):
        Product(name="Crusher", hs_code=typed).full_clean(exclude=["category"])


def test_a_unit_is_shown_in_the_language_of_the_page_even_where_it_is_the_usual_one(reader):
    product = make_product(unit="set", unit_zh_hans="套")
    address = product.get_absolute_url()
    assert "1 <bdi>set</bdi>" in reader.get(address).content.decode()
    assert "1 <bdi>套</bdi>" in reader.get(f"/zh-hans{address}").content.decode()


def test_each_variant_can_be_asked_about_by_its_name(reader):
    product = make_product()
    product.variants.create(
        name="With diesel & skid", name_zh_hans="柴油机", sku="PE600-D", specification="92 kW"
    )
    page = reader.get(product.get_absolute_url()).content.decode()
    for text in ("With diesel &amp; skid", "PE600-D", "92 kW"):
        assert text in page
    asked = f"/inquiry/?product={product.slug}&amp;variant=With%20diesel%20%26%20skid"
    assert f'href="{asked}"' in page
    assert "柴油机" in reader.get(f"/zh-hans{product.get_absolute_url()}").content.decode()


def test_a_model_number_belongs_to_one_variant_but_many_may_have_none():
    product = make_product()
    product.variants.create(name="A")
    product.variants.create(name="B")
    product.variants.create(name="C", sku="C1")
    with pytest.raises(ValidationError, match="Another variant has this model number"):
        Variant(product=product, name="D", sku="C1").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        product.variants.create(name="D", sku="C1")


def test_papers_are_taken_along_as_files_that_no_browser_opens(reader):
    product = make_product(slug="jaw", datasheet=pdf(b"%PDF-1.7 sheet"))
    paper = product.downloads.create(title="CE", kind="certificate", file=pdf())
    page = reader.get("/products/jaw/").content.decode()
    for address, name, content in (
        (paper.get_absolute_url(), f"jaw-certificate-{paper.pk}.pdf", b"%PDF-1.7 and so on"),
        ("/products/jaw/datasheet/", "jaw-datasheet.pdf", b"%PDF-1.7 sheet"),
    ):
        assert f'href="{address}"' in page
        response = reader.get(address)
        assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.getvalue() == content
    assert "Certificate, PDF" in page


def test_papers_that_are_not_offered_are_not_found(reader):
    draft = make_product(slug="draft", status=Product.Status.DRAFT, datasheet=pdf())
    secret = draft.downloads.create(title="CE", file=pdf())
    product = make_product(slug="jaw")
    lost = product.downloads.create(title="CE", file=pdf())
    default_storage.delete(lost.file.name)
    for address in (
        secret.get_absolute_url(), "/products/draft/datasheet/", "/products/jaw/datasheet/",
        lost.get_absolute_url(), f"/products/download/{product.pk}/{secret.pk}/",
        f"/products/download/{'9' * 30}/{'9' * 30}/",
    ):  # fmt: skip
        assert reader.get(address).status_code == 404, address
    assert reader.post(lost.get_absolute_url()).status_code == 405


def test_a_paper_is_a_pdf_of_a_known_kind():
    product = make_product()
    with pytest.raises(ValidationError, match="not a PDF"):
        Download(product=product, title="CE", file=pdf(b"<html>")).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        product.downloads.create(title="CE", kind="virus", file=pdf())


def test_related_products_are_those_chosen_by_hand_or_else_of_the_same_category():
    product = make_product()
    sibling = make_product(category=product.category)
    assert product.get_related() == [sibling]
    chosen, draft = make_product(), make_product(status=Product.Status.DRAFT)
    product.related_products.set([draft, product])
    assert product.get_related() == [sibling], "neither a draft nor the product itself"
    product.related_products.set([chosen, draft])
    assert product.get_related() == [chosen]
    assert chosen.get_related() == [], "it was not chosen the other way round"


def test_pictures_stand_in_their_order_and_are_enlarged_without_script(reader):
    product = make_product()
    product.images.create(image=picture_file(), alt="Second", order=2)
    first = product.images.create(image=picture_file("JPEG"), alt="First", order=1)
    page = reader.get(product.get_absolute_url()).content.decode()
    assert page.index("First") < page.index("Second")
    assert 'popovertarget="picture-1"' in page
    assert 'id="picture-2"' in page
    assert f'<a href="{first.image.url}">' in page
    assert first.image.url in reader.get("/products/").content.decode()


def test_a_page_costs_the_same_queries_however_much_a_product_has(reader):
    make_company()

    def cost(count: int) -> int:
        product = make_product()
        for number in range(count):
            product.images.create(image=picture_file())
            product.specifications.create(name=f"Name {number}", value="1")
            product.variants.create(name=f"Variant {number}")
            product.downloads.create(title=f"Paper {number}", file=pdf())
            other = make_product(category=product.category)
            other.images.create(image=picture_file())
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(product.get_absolute_url()).status_code == 200
        return len(queries)

    assert cost(1) == cost(4) <= 12
