"""The card of a contact on public pages."""

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
from tests.factories import make_article, make_company, make_contact, make_product, picture_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def company(monkeypatch):
    """A company in Zhengzhou, where it is 09:12 on a Wednesday."""
    moment = datetime(2026, 11, 25, 1, 12, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    return make_company(time_zone="Asia/Shanghai")


def card_html(visitor, url="/contacts/"):
    page = visitor.get(url).content.decode()
    return " ".join(page[page.index('<article class="contact"') :].split())


def make_absence(contact, substitute=None, days=8):
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


def test_a_card_shows_languages_and_local_time(visitor):
    make_contact(languages=["en", "zh"], city="Zhengzhou", department="Spare Parts")
    html = card_html(visitor)
    assert '<li lang="en" dir="auto">English</li>' in html
    assert '<li lang="zh" dir="auto">中文</li>' in html
    assert 'Local time in Zhengzhou: <time dir="ltr" data-zone="Asia/Shanghai">UTC+8</time>' in html
    assert "Spare Parts" in html
    assert "Available now" in html


def test_the_local_time_is_in_the_contacts_own_time_zone(visitor):
    make_contact(city="Dubai", time_zone="Asia/Dubai")
    html = card_html(visitor)
    assert 'data-zone="Asia/Dubai">UTC+4</time>' in html
    assert "Outside working hours, back 09:00" in html


@pytest.mark.parametrize(
    ("day", "hour", "text"),
    [
        (25, 0, "Outside working hours, back 09:00"),
        (25, 3, "Available now"),
        (25, 9, "Outside working hours, back Thursday 09:00"),
        (27, 9, "Outside working hours, back Monday 09:00"),
        (30, 9, "Outside working hours, back 9 December 09:00"),
    ],
)
def test_availability_names_the_next_opening(company, monkeypatch, day, hour, text):
    company.holidays.create(name="Closed", first_day="2026-12-01", last_day="2026-12-08")
    moment = datetime(2026, 11, day, hour, 30, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    assert str(availability_of(make_contact())) == text


def test_the_card_of_an_absent_contact_names_the_substitute(visitor):
    july, abner, candy = (make_contact(name=name) for name in ("July", "Abner", "Candy"))
    make_absence(july, abner)
    make_absence(abner, candy)
    html = card_html(visitor)
    assert html.count("Out of office until 3 December, substitute: Candy") == 2
    assert f"/contacts/#contact-{candy.pk}" in html
    assert "Out of office until 3 December, substitute: Candy" in card_html(
        visitor, make_article().get_absolute_url()
    )


def test_an_absent_contact_without_a_substitute_is_shown_as_out_of_office():
    july = make_contact()
    make_absence(july, days=60)
    assert availability_of(july).state == AvailabilityState.AWAY
    assert str(availability_of(july)) == "Out of office until 24 January 2027"


def test_a_substitute_who_is_not_among_the_cards_is_still_named():
    july, abner, inactive, candy = (
        make_contact(name=name, order=order)
        for order, name in enumerate(("July", "Abner", "Inactive", "Candy"))
    )
    make_absence(july, inactive)
    make_absence(inactive, candy)
    Contact.objects.filter(pk=inactive.pk).update(is_active=False)
    company = Company.get_solo()
    [first] = get_contact_cards(Contact.objects.active(), company, limit=1)
    assert first.contact == july
    assert first.responsible == candy
    cards = get_contact_cards(Contact.objects.all(), company)
    assert [card.responsible for card in cards] == [candy, abner, candy, candy]


def test_cards_cost_the_same_queries_however_many_there_are(visitor, django_assert_num_queries):
    url = make_product().get_absolute_url()
    abner = make_contact(languages=["en"], city="Zhengzhou")
    with CaptureQueriesContext(connection) as one:
        visitor.get(url)
    for _ in range(12):
        make_absence(
            make_contact(languages=["en"], city="Zhengzhou", time_zone="Asia/Dubai"), abner
        )
    with django_assert_num_queries(len(one)):
        visitor.get(url)


def test_a_card_links_to_the_inquiry_form_with_contact_and_product(visitor):
    candy = make_contact(name="Candy")
    assert f'href="/inquiry/?contact={candy.pk}"> Send inquiry to Candy </a>' in card_html(visitor)
    url = make_product(slug="jaw-crusher").get_absolute_url()
    assert f'href="/inquiry/?contact={candy.pk}&amp;product=jaw-crusher"' in card_html(visitor, url)


def whatsapp_url_end(html):
    return html.split('href="https://wa.me/')[1].split('"')[0]


def test_a_chat_from_a_product_page_mentions_the_product(visitor):
    make_contact(mobile="+86 177", whatsapp=True)
    product = make_product(name="Mill & Crusher <3>", slug="mill")
    Product.objects.filter(pk=product.pk).update(name_zh_hans="磨机")
    number, query = whatsapp_url_end(card_html(visitor, "/products/mill/")).split("?")
    assert number == "86177"
    assert parse_qs(query) == {
        "text": ["I have a question about Mill & Crusher <3>: http://testserver/products/mill/"]
    }
    chinese = whatsapp_url_end(card_html(visitor, "/zh-hans/products/mill/"))
    text = parse_qs(urlsplit(chinese).query)["text"][0]
    assert "磨机" in text
    assert "http://testserver/zh-hans/products/mill/" in text


def test_a_chat_from_other_pages_has_no_draft_text(visitor):
    make_contact(mobile="+86 177", whatsapp=True)
    assert whatsapp_url_end(card_html(visitor)) == "86177"
    assert whatsapp_url_end(card_html(visitor, make_article().get_absolute_url())) == "86177"


def test_only_the_contacts_page_shows_qr_codes(visitor):
    july = make_contact()
    assert f'src="/contacts/{july.pk}.svg"' in card_html(visitor)
    assert ".svg" not in card_html(visitor, make_product().get_absolute_url())


def test_speaking_a_language_ignores_its_script():
    july = Contact(languages=["en", "zh"])
    assert july.speaks("zh-hans")
    assert july.speaks("en")
    assert not july.speaks("ar")


@pytest.mark.parametrize("languages", [["xx"], ["en", "en"], "en", [1], [["en"]]])
def test_unknown_or_repeated_languages_are_rejected(languages):
    with pytest.raises(ValidationError):
        Contact(name="July", languages=languages).full_clean()


def test_the_offset_of_the_local_time_has_western_digits_in_arabic(visitor):
    make_contact(city="Zhengzhou")
    assert ">UTC+8</time>" in card_html(visitor, "/ar/contacts/")


def test_pages_that_are_kept_for_longer_do_not_say_who_is_available_now(visitor):
    make_contact()
    for row in (make_product(), make_article()):
        assert "Available now" not in card_html(visitor, row.get_absolute_url())


def test_a_card_shows_the_photo_or_the_initial(visitor):
    make_contact(name="July", photo=picture_file())
    assert re.search(
        r'<img[^>]*class="contact-photo"|class="contact-photo"[^>]*>\s*<img|<picture',
        card_html(visitor),
    )
    Contact.objects.all().delete()
    make_contact(name="Abner")
    assert '<span class="contact-photo" aria-hidden="true">A</span>' in card_html(visitor)
