"""Phone numbers as staff type them, and the links that dial them."""

import html
import json
import re

import pytest
import vobject
from django.core.exceptions import ValidationError

from contacts.models import Company, Contact
from core import phone_numbers
from core.text.normalizing import remove_invisible
from tests.cases import read_cases
from tests.factories import make_company, make_contact, make_user
from tests.timing import assert_linear

pytestmark = pytest.mark.django_db

CASES = read_cases("forms/phone_links.json")
CONTACT_FORM = {"languages": [], "order": 0, "is_active": "on", "absences-TOTAL_FORMS": 0,
                "absences-INITIAL_FORMS": 0}  # fmt: skip


def save(client, **fields: str) -> Contact | str:
    """Add a contact in the admin; returns it, or the page with the errors."""
    data = {"name": "July", "title_en": "Sales", **CONTACT_FORM, **fields}
    response = client.post("/admin/contacts/contact/add/", data)
    return Contact.objects.get() if response.status_code == 302 else response.content.decode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["typed"])
def test_a_number_is_linked_correctly_and_shown_as_typed(as_user, visitor, case):
    make_company(country="CN")
    saved = save(as_user(make_user("Managers")), phone=case["typed"])
    page = visitor.get("/contacts/").content.decode()
    link = re.search(r'<a href="(tel:[^"]+)"><bdi dir="ltr">([^<]*)</bdi>', page)
    assert (link[1], html.unescape(link[2])) == (case["tel"], remove_invisible(case["typed"]))
    assert saved.phone == remove_invisible(case["typed"])


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["whatsapp"]], ids=lambda case: case["typed"]
)
def test_a_chat_opens_with_the_international_number(as_user, visitor, case):
    make_company(country="CN")
    save(as_user(make_user("Managers")), mobile=case["typed"], whatsapp="on")
    page = visitor.get("/contacts/").content.decode().partition("<main")[2]
    assert re.findall(r'href="https://wa\.me/([^"]*)"', page) == [case["whatsapp"]]


@pytest.mark.parametrize(
    "typed",
    [
        "call me",
        "12",
        "ext. 12",
        "<b>123456</b>",
        "https://a.example/123456",
        "1" * 30,
        "ann@x.test",
    ],
)
def test_an_invalid_number_is_rejected_beside_its_field(as_user, typed):
    page = save(as_user(make_user("Managers")), phone=typed)
    assert "Enter a phone number, for example +86 371 5370 6735." in page
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("company", "typed", "digits"),
    [
        ({"country": "US"}, "772 975 6864", "17729756864"),
        ({"country": "DE"}, "0171 1234567", "491711234567"),
        ({"country": "AE"}, "٠٥٠ ١٢٣ ٤٥٦٧", "971501234567"),
        ({"phone": "+49 30 901820"}, "0171 1234567", "491711234567"),
        ({"phone": "0049 30 901820", "country": "AT"}, "0664 1234567", "436641234567"),
        ({"time_zone": "Asia/Shanghai"}, "177 2975 6864", "8617729756864"),
        ({}, "86 177 2975 6864", "8617729756864"),
    ],
)
def test_the_company_completes_numbers_without_a_country_code(visitor, company, typed, digits):
    make_company(**company)
    make_contact(mobile=typed, whatsapp=True)
    assert f'href="https://wa.me/{digits}"' in visitor.get("/contacts/").content.decode()


def test_a_number_of_an_unknown_country_has_a_phone_link_but_no_chat_link(as_user, visitor):
    page = save(as_user(make_user("Managers")), mobile="177 2975 6864", whatsapp="on")
    assert "Enter the number used on WhatsApp with its country code" in page
    make_contact(mobile="177 2975 6864", whatsapp=True)
    page = visitor.get("/contacts/").content.decode()
    assert "wa.me" not in page
    assert 'href="tel:17729756864"' in page


def test_values_pasted_into_the_contact_form_are_cleaned(as_user):
    contact = save(
        as_user(make_user("Managers")),
        name="\u200eJuly\u200b ",
        email="mailto:july＠example．com，",
        skype="\ufeffjuly.s",
        phone="\u2066+86 371 5370 6735\u2069",
    )
    assert (contact.name, contact.email) == ("July", "july@example.com")
    assert (contact.skype, contact.phone) == ("july.s", "+86 371 5370 6735")


def test_the_company_form_offers_the_country_and_cleans_the_numbers(as_user):
    make_company()
    data = {"name_en": "Example", "country": "CN", "hotline": "\u202a４００-820-8820\u202c",
            "email": "“info@example.com”", "working_hours-TOTAL_FORMS": 0,
            "working_hours-INITIAL_FORMS": 0, "holidays-TOTAL_FORMS": 0,
            "holidays-INITIAL_FORMS": 0}  # fmt: skip
    client = as_user(make_user("Managers"))
    assert client.post("/admin/contacts/company/", data).status_code == 302
    company = Company.objects.get()
    assert (company.country, company.hotline) == ("CN", "４００-820-8820")
    assert company.email == "info@example.com"
    assert 'href="tel:+864008208820"' in client.get("/").content.decode()


def test_address_books_and_search_engines_get_international_numbers(visitor):
    make_company(country="CN", phone="0371-53706735-801", fax="(0086-371) 8615 3736")
    contact = make_contact(phone="0371-53706735 转 801", mobile="177 2975 6864", fax="ask us")
    card = vobject.readOne(visitor.get(f"/contacts/{contact.pk}.vcf").content.decode())
    assert [line.value for line in card.tel_list] == [
        "+86 371 5370 6735 ext. 801", "+86 177 2975 6864", "ask us",
    ]  # fmt: skip
    page = visitor.get("/contacts/").content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    organization = data["@graph"][0]
    assert organization["telephone"] == "+86 371 5370 6735 ext. 801"
    assert organization["faxNumber"] == "+86 371 8615 3736"


def test_a_model_accepts_what_the_form_accepts():
    for case in CASES:
        Contact(name="July", phone=remove_invisible(case["typed"])).full_clean()
    with pytest.raises(ValidationError, match="country code"):
        Contact(name="July", mobile="177 2975 6864", whatsapp=True).full_clean()


@pytest.mark.parametrize("piece", ["+86 371 ", "(((((((", "ext ext ", "tel: tel:", "1-1-1-1-"])
def test_long_numbers_are_parsed_in_linear_time(piece):
    def parse(text):
        phone_numbers.is_phone_number(text)
        phone_numbers.tel_url(text, "CN")

    assert_linear(parse, piece * 2000, piece * 4000)


def test_the_bar_of_phones_has_the_chats_of_the_company(visitor):
    make_company(skype="example.sales", country="CN")
    make_contact(name="Gone", mobile="+86 177 0000 0000", whatsapp=True, is_active=False)
    make_contact(name="Without", mobile="+86 177 1111 1111")
    page = visitor.get("/news/").content.decode()
    assert "wa.me" not in page.partition("</header>")[0]
    make_contact(name="July", mobile="+86 177 2222 2222", whatsapp=True)
    header = visitor.get("/news/").content.decode().partition("</header>")[0]
    assert '<a href="https://wa.me/8617722222222">WhatsApp</a>' in header
    assert '<a href="skype:example.sales?chat">Skype</a>' in header
    assert 'class="chat-links chats-2"' in header


def test_a_company_without_chats_has_none_in_the_bar(visitor):
    make_company(skype="")
    assert "chat-links" not in visitor.get("/news/").content.decode()
