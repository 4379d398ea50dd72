"""What people type and paste into the inquiry form, and what is saved and shown of it."""

import contextlib
import re

import pytest
from django.utils.html import escape, strip_tags
from post_office.models import Email

from core.email_addresses import normalize_email, suggest_email
from core.text.amounts import parse_amount, parse_whole_number
from core.text.normalizing import clean_line, clean_text
from inquiries.models import Inquiry
from inquiries.prices import PriceError, parse_price
from inquiries.services import assign_inquiry
from tests.cases import read_cases
from tests.factories import make_contact, make_inquiry, make_product, make_user
from tests.inquiries.test_inquiry_form import typed
from tests.inquiries.urls import status_page_url
from tests.timing import assert_linear

pytestmark = pytest.mark.django_db


def cases(name):
    rows = read_cases(f"forms/{name}.json")
    return pytest.mark.parametrize("case", rows, ids=[ascii(row["typed"]) for row in rows])


def send(visitor, language="en", **fields):
    """Send the form; returns the inquiry and the text of the next page."""
    path = "/inquiry/" if language == "en" else f"/{language}/inquiry/"
    response = visitor.post(path, typed(**fields), follow=True)
    assert response.redirect_chain, response.context["form"].errors
    page = response.content.decode().split("<main")[1].split("</main>")[0]
    return Inquiry.objects.get(), " ".join(strip_tags(page).split())


@cases("phone_numbers")
def test_a_phone_number_is_saved_as_typed_and_in_international_format(visitor, case):
    inquiry, page = send(visitor, phone=case["typed"], country=case["country"])
    shown = case.get("shown", case["typed"])
    assert (inquiry.phone, inquiry.phone_e164) == (shown, case["e164"])
    assert " ".join(shown.split()) in page


@pytest.mark.parametrize("number", ["call me", "12", "x" * 20, "www.a.example 123456", "1" * 41])
def test_what_is_no_phone_number_is_asked_beside_its_field(visitor, number):
    response = visitor.post("/inquiry/", typed(phone=number))
    assert list(response.context["form"].errors) == ["phone"]
    assert response.context["form"]["phone"].value() == number


def test_staff_dial_the_extension_too(visitor, as_user):
    inquiry, _page = send(visitor, phone="+1 608-271-9000, ext. 11")
    page = as_user(make_user("Managers")).get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/")
    link = '<a href="tel:+16082719000;ext=11" dir="ltr">+1 608-271-9000, ext. 11</a>'
    assert link in page.content.decode()


@cases("email_addresses")
def test_an_email_address_is_freed_from_what_does_not_belong_to_it(visitor, case):
    inquiry, page = send(visitor, email=case["typed"])
    assert inquiry.email == case["email"]
    assert f"E-mail {escape(case['email'])}" in page


@cases("ambiguous_email_addresses")
def test_an_ambiguous_email_address_is_asked_beside_its_field(visitor, case):
    response = visitor.post("/inquiry/", typed(email=case["typed"]))
    form = response.context["form"]
    assert response.status_code == 422
    question = f"Check the e-mail address. Did you mean {case['suggestion']}?"
    invalid = "Enter a valid e-mail address, for example name@example.com."
    assert form.errors == {"email": [question if case["suggestion"] else invalid]}
    offer = 'name="corrected_email"' in response.content.decode()
    assert offer is bool(case["suggestion"])
    assert not Inquiry.objects.exists()


def test_the_suggested_address_is_one_click_away(visitor):
    page = visitor.post("/inquiry/", typed(email="ann@x,test")).content.decode()
    button = re.search(r'<button [^>]*name="corrected_email"\s+value="([^"]+)"', page)
    inquiry, _page = send(visitor, email="ann@x,test", corrected_email=button[1])
    assert inquiry.email == "ann@x.test"


def test_a_suggestion_does_not_replace_another_address(visitor):
    inquiry, _page = send(visitor, email="bob@x.test", corrected_email="ann@x.test")
    assert inquiry.email == "bob@x.test"
    data = typed(email="bob@y,test", corrected_email="ann@x.test")
    assert visitor.post("/inquiry/", data).status_code == 422


@cases("target_prices")
def test_a_target_price_is_parsed_and_shown_on_the_next_page(visitor, case):
    fields = {"target_price": case["typed"], "currency": case["currency"]}
    inquiry, page = send(visitor, case["language"], **fields)
    assert case["price"] in [value for _name, value in inquiry.terms]
    assert escape(case["price"]) in page


@pytest.mark.parametrize(
    ("typed_price", "price"),
    [("1.250,00 €", "1250.00 EUR"), ("10-12 per piece", "10-12 per piece")],
)
def test_buyer_and_staff_see_the_parsed_price_or_what_was_typed(
    visitor, as_user, typed_price, price
):
    make_user("Managers", username="manager")
    inquiry, _page = send(visitor, target_price=typed_price)
    own = visitor.get(inquiry.status_url.removeprefix("http://testserver"))
    admin = as_user(make_user("Managers")).get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/")
    for text in (own.content.decode(), admin.content.decode()):
        assert f">{price}<" in text
    assert f"Target price: {price}\n" in Email.objects.get(to="manager@example.com").message


@pytest.mark.parametrize(
    "price", ["-5", "− 5 EUR", "1,250,00", "1 25", "12, 13", "1" * 20, "1,25,00.00.0"]
)
def test_an_amount_that_cannot_be_read_is_asked_beside_its_field(visitor, price):
    response = visitor.post("/inquiry/", typed(target_price=price))
    text = "Check the price: write it as one amount, for example 1250.50."
    assert response.context["form"].errors == {"target_price": [text]}
    assert response.context["form"]["target_price"].value() == price


@pytest.mark.parametrize(
    ("price", "selected", "codes"),
    [
        ("US$ 12.5", "EUR", "USD"),
        ("12,50 €", "USD", "EUR"),
        ("$ 12", "EUR", "USD / AUD / CAD"),
        ("¥ 1250", "", "CNY / JPY"),
    ],
)
def test_a_currency_that_contradicts_the_price_is_asked(visitor, price, selected, codes):
    response = visitor.post("/inquiry/", typed(target_price=price, currency=selected))
    text = f"The price was entered in {codes}. Select the currency that you mean."
    assert response.context["form"].errors == {"currency": [text]}


def test_the_language_decides_only_about_what_can_be_read_in_two_ways():
    for language, amount in (("en", "1250"), ("de", "1.25"), ("fr", "1.25"), ("ar", "1250")):
        assert str(parse_price("1,250", language).amount.normalize()) in (amount, "1.25E+3")
        assert parse_price("12,50", language).amount == parse_price("12.50", language).amount


@cases("quantities")
def test_a_quantity_is_parsed(visitor, case):
    product = make_product(unit="set", name="Mill")
    inquiry, page = send(visitor, product=product.slug, quantity=case["typed"])
    assert inquiry.lines.get().quantity == case["quantity"]
    assert f"{case['quantity']} set × Mill" in page
    data = {"product": product.slug, "quantity": case["typed"]}
    assert visitor.post("/inquiry/basket/", data).status_code == 302
    assert f'value="{case["quantity"]}"' in visitor.get("/inquiry/basket/").content.decode()


@pytest.mark.parametrize("quantity", ["2.5", "2,5", "٢٫٥", "0", "-3", "10 or 12", "1 00", "9" * 30])
def test_what_is_no_quantity_is_asked_beside_its_field(visitor, quantity):
    product = make_product()
    response = visitor.post("/inquiry/", typed(product=product.slug, quantity=quantity))
    assert list(response.context["form"].errors) == ["quantity"]
    assert response.context["form"]["quantity"].value() == quantity


@cases("names")
def test_names_lose_only_what_is_invisible(visitor, case):
    fields = dict.fromkeys(["name", "company", "destination_port"], case["typed"])
    inquiry, _page = send(visitor, **fields)
    assert inquiry.name == inquiry.company == inquiry.destination_port == case["saved"]


@pytest.mark.parametrize("blank", ["\u200b", " \u200e ", "\u3164", "\u2800\ufeff"])
def test_invisible_characters_are_no_name_and_no_message(visitor, blank):
    response = visitor.post("/inquiry/", typed(name=blank, message=blank))
    assert list(response.context["form"].errors) == ["message", "name"]
    own = status_page_url(make_inquiry())
    assert visitor.post(own, {"message": blank}).status_code == 422


def test_a_message_loses_control_characters_and_keeps_its_marks(visitor):
    text = "One\x0btwo\x0c\u2028three\x07\x00\x85\u200fأربعة\u200f\tfive\ufeff"
    saved = "One\ntwo\n\nthree\n\u200fأربعة\u200f\tfive"
    inquiry, _page = send(visitor, message=text)
    assert inquiry.message == saved
    assert visitor.post(status_page_url(inquiry), {"message": text}).status_code == 302
    assert inquiry.events.get(kind="message").text == saved


def test_an_answer_pasted_from_a_word_processor_is_saved(as_user):
    inquiry, july = make_inquiry(), make_user("Sales")
    assign_inquiry(inquiry, make_contact(user=july), by=None)
    data = {"new_status": "assigned", "answer": "Dear Peter,\x0bit costs 5.\x07", "note": "a\x0cb"}
    as_user(july).post(f"/admin/inquiries/inquiry/{inquiry.pk}/change/", data)
    assert inquiry.events.get(kind="answered").text == "Dear Peter,\nit costs 5."
    assert inquiry.events.get(kind="note").text == "a\nb"


def test_the_next_page_does_not_show_an_earlier_inquiry_to_others(visitor):
    product = make_product(slug="mill", name="Mill")
    earlier = make_inquiry(email="maria@example.com", target_price="777", currency="EUR",
                           lines=[{"product": product, "quantity": 3}])  # fmt: skip
    data = typed(product="mill", quantity="1", target_price="12,50")
    response = visitor.post("/inquiry/", data, follow=True)
    page = response.content.decode()
    assert Inquiry.objects.get() == earlier
    assert "we have added your message to it" in page
    assert "12.50" in page
    assert "777" not in page
    url = response.redirect_chain[0][0].split("?")[0]
    for forged in ("", "?sent=1", f"?sent={earlier.events.first().pk}:x", "?sent=%00"):
        page = visitor.get(url + forged).content.decode()
        assert "777" not in page
        assert "12.50" not in page


def test_links_in_a_price_count_as_links_in_a_name(visitor):
    send(visitor, target_price="see https://a.example", message="https://b.example www.c.example")
    assert Inquiry.objects.get().status == "spam"


@pytest.mark.parametrize(
    ("work", "piece"),
    [
        (clean_line, "a\u200c\u200f \u200b"),
        (clean_text, "a\u2028\u200b\x07"),
        (normalize_email, "<a@a.a "),
        (suggest_email, "a@a.a at "),
        (lambda text: parse_amount(text, "."), "1,250 "),
        (parse_whole_number, "1'000"),
    ],
)
def test_long_texts_take_no_long_time(work, piece):
    assert_linear(work, piece * 3000, piece * 6000)


def test_long_prices_take_no_long_time():
    def read(text):
        with contextlib.suppress(PriceError):
            parse_price(text, "en")

    assert_linear(read, "US$ 1,2- " * 3000, "US$ 1,2- " * 6000)
