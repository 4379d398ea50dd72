"""The variant of a product, from its page to the inquiry."""

import pytest
from post_office.models import Email

from inquiries.basket import MAX_LINES, SIGNATURE_SALT, Basket
from inquiries.models import Inquiry, InquiryLine
from inquiries.services.merging import merge_inquiries
from inquiries.spreadsheets import InquiryResource
from products.models import Product, Variant
from tests.factories import make_inquiry, make_product, make_user
from tests.inquiries.test_inquiry_form import typed

pytestmark = pytest.mark.django_db

BASKET = "/inquiry/basket/"
SAME_ORIGIN = {"Origin": "http://testserver"}


@pytest.fixture
def crusher() -> Product:
    product = make_product(slug="crusher", name="Jaw crusher", unit="set", min_order=2)
    product.variants.create(name="Electric", sku="PE-E", specification="75 kW")
    product.variants.create(name="Diesel", sku="PE-D", name_zh_hans="柴油")
    return product


@pytest.fixture
def electric(crusher) -> Variant:
    return Variant.objects.get(sku="PE-E")


@pytest.fixture
def diesel(crusher) -> Variant:
    return Variant.objects.get(sku="PE-D")


def add(visitor, variant: object, quantity: object = 2, **headers: str):
    data = {"product": "crusher", "variant": variant, "quantity": quantity}
    return visitor.post(f"{BASKET}add/", data, headers=SAME_ORIGIN | headers)


def lines_in_basket(visitor) -> list[tuple[str, int]]:
    lines = visitor.get(BASKET).context["basket"].lines
    return [(line.text, line.quantity) for line in lines]


def send(visitor, **fields: object) -> list[str]:
    """Send the form; returns the lines of the inquiry."""
    assert visitor.post("/inquiry/", typed(**fields)).status_code == 302
    return [str(line) for line in Inquiry.objects.latest("pk").lines.all()]


def test_the_product_page_offers_its_variants(visitor, crusher, electric, diesel):
    page = " ".join(visitor.get("/products/crusher/").content.decode().split())
    for variant in (electric, diesel):
        assert f'<input type="radio" name="variant" value="{variant.pk}">' in page
    assert '<input type="radio" name="variant" value="" checked>' in page
    assert 'formmethod="get" formaction="/inquiry/"' in page
    other = visitor.get(make_product().get_absolute_url()).content.decode()
    assert 'name="variant"' not in other
    assert "formmethod" not in other


def test_variants_of_one_product_are_lines_of_their_own(visitor, crusher, electric, diesel):
    add(visitor, electric.pk)
    add(visitor, diesel.pk, 3)
    add(visitor, "", 4)
    add(visitor, diesel.pk, 5)
    assert lines_in_basket(visitor) == [
        ("Jaw crusher – Electric (PE-E)", 2),
        ("Jaw crusher – Diesel (PE-D)", 5),
        ("Jaw crusher", 4),
    ]
    page = visitor.get(BASKET).content.decode()
    assert "Electric (PE-E)" in page
    visitor.post(BASKET, {"remove": f"{crusher.pk}v{electric.pk}"})
    visitor.post(BASKET, {f"quantity-{crusher.pk}v{diesel.pk}": 9, f"quantity-{crusher.pk}": 1})
    assert lines_in_basket(visitor) == [("Jaw crusher – Diesel (PE-D)", 9), ("Jaw crusher", 1)]


def test_the_confirmation_names_the_variant(visitor, crusher, diesel):
    html = add(visitor, diesel.pk, Accept="application/json").json()["html"]
    assert "Diesel (PE-D)" in html


def test_the_inquiry_stores_the_variant_of_each_line(visitor, crusher, electric, diesel):
    add(visitor, electric.pk)
    assert "Jaw crusher – Electric (PE-E)" in visitor.get("/inquiry/").content.decode()
    lines = send(visitor, product="crusher", variant=diesel.pk, quantity=3)
    assert lines == [
        "2 set × Jaw crusher – Electric (PE-E)",
        "3 set × Jaw crusher – Diesel (PE-D)",
    ]
    variants = InquiryLine.objects.order_by("pk").values_list("product", "variant")
    assert list(variants) == [(crusher.pk, "Electric (PE-E)"), (crusher.pk, "Diesel (PE-D)")]


def test_everyone_reads_the_variant(visitor, as_user, crusher, diesel):
    manager = as_user(make_user("Managers"))
    send(visitor, product="crusher", variant=diesel.pk, quantity=3)
    inquiry = Inquiry.objects.get()
    text = "3 set × Jaw crusher – Diesel (PE-D)"
    assert (
        text in visitor.get(inquiry.status_url.removeprefix("http://testserver")).content.decode()
    )
    assert text in manager.get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/").content.decode()
    assert text in InquiryResource().dehydrate_products(inquiry)
    assert [text in email.message for email in Email.objects.all()] == [True, True], "to each side"
    diesel.delete()
    inquiry.refresh_from_db()
    assert [str(line) for line in inquiry.lines.all()] == [text], "also without the variant"


def test_the_form_offers_the_variants_of_its_product(visitor, crusher, electric, diesel):
    page = visitor.get(f"/inquiry/?product=crusher&variant={diesel.pk}&quantity=7")
    form = page.context["form"]
    assert (form["variant"].value(), form["quantity"].value()) == (diesel.pk, 7)
    content = " ".join(page.content.decode().split())
    assert f'<option value="{diesel.pk}" selected>Diesel (PE-D)</option>' in content
    assert "柴油 (PE-D)" in visitor.get("/zh-hans/inquiry/?product=crusher").content.decode()
    assert 'name="variant"' not in visitor.get("/inquiry/").content.decode()


@pytest.mark.parametrize("variant", ["Call 0900 now", "0", "-1", "%00", "9" * 50, "１"])
def test_the_url_names_only_variants_of_the_product(visitor, crusher, variant):
    other = make_product(slug="other").variants.create(name="Other")
    for value in (variant, str(other.pk)):
        page = visitor.get(f"/inquiry/?product=crusher&variant={value}&quantity={variant}")
        assert page.status_code == 200
        assert page.context["form"]["variant"].value() == ""
        assert "0900" not in page.content.decode()
        assert visitor.get(f"{BASKET}?add=crusher&variant={value}").status_code == 200
        response = add(visitor, value.replace("%00", "\0"))
        assert response.status_code == 422
        assert "This variant is no longer available" in response.content.decode()
    assert lines_in_basket(visitor) == []


def test_a_variant_that_was_removed_meanwhile_is_an_error(visitor, crusher, diesel):
    data = typed(product="crusher", variant=diesel.pk)
    diesel.delete()
    response = visitor.post("/inquiry/", data)
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"variant"}
    assert "Electric (PE-E)" in response.content.decode(), "to select another one"


def test_the_variant_of_a_product_that_was_changed_in_the_form_is_dropped(visitor, crusher, diesel):
    make_product(slug="other", name="Other", unit="set")
    assert send(visitor, product="other", variant=diesel.pk, quantity=1) == ["1 set × Other"]


def test_a_line_whose_variant_is_gone_is_about_the_product(visitor, crusher, diesel):
    add(visitor, diesel.pk)
    diesel.delete()
    assert lines_in_basket(visitor) == [("Jaw crusher", 2)]
    assert send(visitor) == ["2 set × Jaw crusher"]


def test_a_form_of_another_site_asks_for_confirmation_with_the_variant(visitor, crusher, diesel):
    response = visitor.post(f"{BASKET}add/", {"product": "crusher", "variant": diesel.pk})
    assert response.url == f"{BASKET}?add=crusher&variant={diesel.pk}"
    content = " ".join(visitor.get(response.url).content.decode().split())
    assert f'<option value="{diesel.pk}" selected>' in content
    visitor.post(BASKET, {"product": "crusher", "variant": diesel.pk, "quantity": 2})
    assert lines_in_basket(visitor) == [("Jaw crusher – Diesel (PE-D)", 2)]


def test_a_full_basket_takes_no_other_variant(visitor, crusher, electric, diesel):
    basket = Basket()
    for _ in range(MAX_LINES - 1):
        basket.set_quantity(make_product(category=crusher.category), 1)
    basket.set_quantity(crusher, 1, electric)
    assert basket.has_room_for(crusher, electric)
    assert not basket.has_room_for(crusher, diesel)
    with pytest.raises(ValueError, match="holds"):
        basket.set_quantity(crusher, 1, diesel)


def test_earlier_versions_of_the_site_ignore_a_basket_with_variants(
    visitor, crusher, diesel, rf, settings
):
    add(visitor, "")
    request = rf.get("/")
    request.COOKIES = {name: morsel.value for name, morsel in visitor.cookies.items()}
    name = settings.BASKET_COOKIE_NAME
    assert request.get_signed_cookie(name, salt=SIGNATURE_SALT) == f"{crusher.pk}-2"
    add(visitor, diesel.pk)
    request.COOKIES = {name: morsel.value for name, morsel in visitor.cookies.items()}
    assert request.get_signed_cookie(name, None, salt=SIGNATURE_SALT) is None


def test_merged_inquiries_keep_lines_of_different_variants(crusher):
    manager = make_user("Managers")
    one, two, three = (
        make_inquiry(
            email=f"{number}@example.com",
            lines=[{"product": crusher, "quantity": 1, "unit": "set", "variant": variant}],
        )
        for number, variant in enumerate(("Electric", "Diesel", "Diesel"))
    )
    merged = merge_inquiries(merge_inquiries(one, two, by=manager), three, by=manager)
    assert [line.variant for line in merged.lines.all()] == ["Electric", "Diesel"]
