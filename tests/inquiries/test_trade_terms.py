"""Trade terms, phone numbers, countries and source pages of inquiries."""

from decimal import Decimal

import pytest
from post_office.models import Email

from core.phone_numbers import to_e164
from inquiries.countries import country_of_browser, country_of_number
from inquiries.models import Inquiry
from tests.factories import make_product, make_user
from tests.inquiries.test_inquiry_form import typed

pytestmark = pytest.mark.django_db

TERMS = {
    "destination_port": "Mombasa",
    "incoterm": "CIF",
    "target_price": "18500.50",
    "currency": "EUR",
    "sample_wanted": "on",
}


def test_the_terms_are_saved_and_shown_to_staff_and_buyer(visitor, as_user):
    make_user("Managers", username="manager")
    product = make_product(name="Jaw crusher", unit="set")
    data = typed(product=product.slug, quantity="2", unit="pallets", **TERMS)
    assert visitor.post("/inquiry/", data).status_code == 302
    inquiry = Inquiry.objects.get()
    assert str(inquiry.lines.get()) == "2 pallets × Jaw crusher"
    assert inquiry.target_price == Decimal("18500.50")
    mail = Email.objects.get(to="manager@example.com").message
    admin = as_user(make_user("Managers")).get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/")
    own = visitor.get(inquiry.status_url.removeprefix("http://testserver"))
    for page in (mail, admin.content.decode(), own.content.decode()):
        for text in ("Mombasa", "CIF", "18500.50 EUR", "ample requested"):
            assert text in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("incoterm", "XXX"),
        ("currency", "XXX"),
        ("target_price", "x" * 101),
        ("target_price", "-1"),
        ("target_price", "1" * 20),
        ("destination_port", "x" * 101),
        ("unit", "x" * 31),
        ("phone", "+1 555 12"),
        ("phone", "+49 30 123456789012345678"),
    ],
)
def test_an_invalid_term_shows_its_error_in_the_open_section(visitor, field, value):
    response = visitor.post("/inquiry/", typed(**TERMS) | {field: value})
    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert form[field].value() == value
    assert '<details class="more-terms" open>' in response.content.decode()
    assert 'value="Mombasa"' in response.content.decode() or field == "destination_port"


def test_the_terms_are_collapsed_and_the_minimum_order_is_filled_in(visitor):
    make_product(slug="crusher", unit="set", min_order=3)
    response = visitor.get("/inquiry/?product=crusher")
    assert '<details class="more-terms">' in response.content.decode()
    form = response.context["form"]
    assert (form["quantity"].value(), form["unit"].value()) == (3, "set")


def test_a_currency_without_a_price_is_not_saved(visitor):
    visitor.post("/inquiry/", typed(currency="EUR"))
    assert Inquiry.objects.get().terms == []


def test_a_phone_number_is_saved_as_typed_and_as_e164(visitor):
    visitor.post("/inquiry/", typed(country="DE", phone="030 (90) 18-20"))
    inquiry = Inquiry.objects.get()
    assert (inquiry.phone, inquiry.phone_e164) == ("030 (90) 18-20", "+4930901820")


@pytest.mark.parametrize(
    ("phone", "languages", "country"),
    [
        ("+254 20 555 0100", "de-AT,de;q=0.9", "KE"),
        ("", "de-AT,de;q=0.9,en-US;q=0.8", "AT"),
        ("01 234 5678", "zh-Hans-CN,zh;q=0.9", "CN"),
        ("", "fr,en;q=0.5", ""),
        ("", "en-US,en;q=0.9", ""),
        ("", "en-US,sw-KE;q=0.9", "KE"),
        ("", "", ""),
        ("", "xx-ZZ, nonsense; \x00", ""),
    ],
)
def test_a_missing_country_is_guessed(visitor, phone, languages, country):
    data = typed(country="", phone=phone)
    visitor.post("/inquiry/", data, headers={"Accept-Language": languages})
    assert Inquiry.objects.get().country == country


def test_a_chosen_country_is_not_replaced(visitor):
    visitor.post("/inquiry/", typed(country="UG", phone="+254 20 555 0100"))
    assert Inquiry.objects.get().country == "UG"


@pytest.mark.parametrize(
    ("referrer", "saved"),
    [
        ("http://testserver/zh-hans/products/crusher/?x=1", "/zh-hans/products/crusher/"),
        ("http://testserver/inquiry/basket/", "/inquiry/basket/"),
        ("http://testserver/inquiry/thanks/a-key/", ""),
        ("http://other.example/products/crusher/", ""),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_the_source_page_is_saved(visitor, referrer, saved):
    form = visitor.get("/inquiry/", headers={"Referer": referrer}).context["form"]
    assert form["came_from"].value() == saved
    visitor.post("/inquiry/", typed(came_from=form["came_from"].value()))
    assert Inquiry.objects.get().source_page == saved


@pytest.mark.parametrize("path", ["//other.example/", "https://other.example/", "/" * 301, "x"])
def test_a_page_of_another_site_is_not_saved(visitor, path):
    assert visitor.post("/inquiry/", typed(came_from=path)).status_code == 302
    assert Inquiry.objects.get().source_page == ""


def test_national_numbers_need_a_country():
    assert to_e164("0171 1234567", "DE") == "+491711234567"
    assert to_e164("0171 1234567") == ""
    assert country_of_number("+8613812345678") == "CN"
    assert country_of_number("+80012345678") == "", "a number without a country"
    assert country_of_browser("en-GB") == "GB"
