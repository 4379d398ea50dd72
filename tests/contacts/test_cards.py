"""The card of a contact, as visitors see it."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.availability import AvailabilityState
from contacts.cards import get_contact_cards
from contacts.models import Absence, Company, Contact
from products.models import Product
from tests.world import make_article, make_company, make_contact, make_product, picture_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def company(monkeypatch):
    """It is Wednesday, 09:12 in Zhengzhou, where the company is."""
    moment = datetime(2026, 11, 25, 1, 12, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    return make_company(time_zone="Asia/Shanghai")


def card(reader, address="/contacts/"):
    page = reader.get(address).content.decode()
    return " ".join(page[page.index('<article class="contact"') :].split())


def send_away(contact, substitute=None, days=8):
    today = Company.get_solo().today
    Absence.objects.create(
        contact=contact,
        substitute=substitute,
        first_day=today,
        last_day=today + timedelta(days=days),
    )


def availability_of(contact):
    [card] = get_contact_cards(Contact.objects.filter(pk=contact.pk), Company.get_solo())
    return card.availability


def test_a_card_tells_what_they_speak_and_what_the_clock_shows_there(reader):
    make_contact(languages=["en", "zh"], city="Zhengzhou", department="Spare Parts")
    html = card(reader)
    assert '<li lang="en" dir="auto">English</li>' in html
    assert '<li lang="zh" dir="auto">中文</li>' in html
    assert 'data-zone="Asia/Shanghai">09:12</time> in Zhengzhou' in html
    assert 'datetime="2026-11-25T09:12:00+08:00"' in html
    assert "Spare Parts" in html
    assert "Here now" in html


def test_the_clock_is_that_of_the_contacts_own_zone(reader):
    make_contact(city="Dubai", time_zone="Asia/Dubai")
    html = card(reader)
    assert 'data-zone="Asia/Dubai">05:12</time> in Dubai' in html
    assert "Out of office hours, back 09:00" in html


@pytest.mark.parametrize(
    ("day", "hour", "text"),
    [
        (25, 0, "Out of office hours, back 09:00"),
        (25, 3, "Here now"),
        (25, 9, "Out of office hours, back Thursday 09:00"),
        (27, 9, "Out of office hours, back Monday 09:00"),
        (30, 9, "Out of office hours, back December 9 09:00"),
    ],
)
def test_office_hours_are_told_in_words(company, monkeypatch, day, hour, text):
    company.holidays.create(name="Closed", first_day="2026-12-01", last_day="2026-12-08")
    moment = datetime(2026, 11, day, hour, 30, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    assert str(availability_of(make_contact())) == text


def test_a_card_names_who_answers_for_one_who_is_away(reader):
    july, abner, candy = (make_contact(name=name) for name in ("July", "Abner", "Candy"))
    send_away(july, abner)
    send_away(abner, candy)
    html = card(reader)
    assert html.count("Away until December 3, Candy answers") == 2
    assert f"/contacts/#contact-{candy.pk}" in html
    assert "Away until December 3, Candy answers" in card(reader, make_article().get_absolute_url())


def test_who_is_away_without_a_substitute_is_shown_as_away():
    july = make_contact()
    send_away(july, days=60)
    assert availability_of(july).state == AvailabilityState.AWAY
    assert str(availability_of(july)) == "Away until Jan. 24, 2027"


def test_a_substitute_off_the_first_cards_is_named_all_the_same():
    july, abner, gone, candy = (
        make_contact(name=name, order=order)
        for order, name in enumerate(("July", "Abner", "Gone", "Candy"))
    )
    send_away(july, gone)
    send_away(gone, candy)
    Contact.objects.filter(pk=gone.pk).update(is_active=False)
    company = Company.get_solo()
    [first] = get_contact_cards(Contact.objects.active(), company, limit=1)
    assert first.contact == july
    assert first.responsible == candy
    cards = get_contact_cards(Contact.objects.all(), company)
    assert [card.responsible for card in cards] == [candy, abner, candy, candy]


def test_cards_cost_the_same_queries_however_many_there_are(reader, django_assert_num_queries):
    address = make_product().get_absolute_url()
    abner = make_contact(languages=["en"], city="Zhengzhou")
    with CaptureQueriesContext(connection) as one:
        reader.get(address)
    for _ in range(12):
        send_away(make_contact(languages=["en"], city="Zhengzhou", time_zone="Asia/Dubai"), abner)
    with django_assert_num_queries(len(one)):
        reader.get(address)


def test_asking_them_leads_to_the_form_with_their_name_and_the_product(reader):
    candy = make_contact(name="Candy")
    assert f'href="/inquiry/?contact={candy.pk}"> Ask Candy </a>' in card(reader)
    address = make_product(slug="jaw-crusher").get_absolute_url()
    assert f'href="/inquiry/?contact={candy.pk}&amp;product=jaw-crusher"' in card(reader, address)


def chat_of(html):
    return html.split('href="https://wa.me/')[1].split('"')[0]


def test_a_chat_from_a_products_page_begins_with_the_product(reader):
    make_contact(mobile="+86 177", whatsapp=True)
    product = make_product(name="Mill & Crusher <3>", slug="mill")
    Product.objects.filter(pk=product.pk).update(name_zh_hans="磨机")
    number, query = chat_of(card(reader, "/products/mill/")).split("?")
    assert number == "86177"
    assert parse_qs(query) == {
        "text": ["I have a question about Mill & Crusher <3>: http://testserver/products/mill/"]
    }
    chinese = chat_of(card(reader, "/zh-hans/products/mill/"))
    text = parse_qs(urlsplit(chinese).query)["text"][0]
    assert "磨机" in text
    assert "http://testserver/zh-hans/products/mill/" in text


def test_a_chat_from_any_other_page_is_empty(reader):
    make_contact(mobile="+86 177", whatsapp=True)
    assert chat_of(card(reader)) == "86177"
    assert chat_of(card(reader, make_article().get_absolute_url())) == "86177"


def test_a_code_stands_on_the_contacts_page_alone(reader):
    july = make_contact()
    assert f'src="/contacts/{july.pk}.svg"' in card(reader)
    assert ".svg" not in card(reader, make_product().get_absolute_url())


def test_one_who_speaks_a_language_answers_its_readers():
    july = Contact(languages=["en", "zh"])
    assert july.speaks("zh-hans")
    assert july.speaks("en")
    assert not july.speaks("ar")


@pytest.mark.parametrize("languages", [["xx"], ["en", "en"], "en", [1], [["en"]]])
def test_a_language_is_one_of_the_list(languages):
    with pytest.raises(ValidationError):
        Contact(name="July", languages=languages).full_clean()


def test_the_clock_has_the_digits_of_the_numbers_beside_it(reader):
    make_contact(city="Zhengzhou")
    assert ">09:12</time>" in card(reader, "/ar/contacts/")


def test_the_photo_stands_on_the_card_and_else_the_first_letter(reader):
    make_contact(name="July", photo=picture_file())
    assert re.search(r'<img[^>]*class="face"|class="face"[^>]*>\s*<img|<picture', card(reader))
    Contact.objects.all().delete()
    make_contact(name="Abner")
    assert '<span class="face" aria-hidden="true">A</span>' in card(reader)
