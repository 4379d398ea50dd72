"""The acknowledgement is sent at once and cannot be used to send spam to others."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from post_office.models import Email

from inquiries.emails.salutation import salutation
from inquiries.models import Inquiry
from inquiries.services import acknowledge_waiting_inquiries
from tests.factories import make_company, make_inquiry, make_product, make_user
from tests.inquiries.test_inquiry_form import typed

pytestmark = pytest.mark.django_db


def test_the_buyer_gets_the_reference_and_a_link_to_the_status_page(visitor):
    make_company(name="Example Machines")
    visitor.post("/inquiry/", typed())
    inquiry = Inquiry.objects.get()
    mail = Email.objects.get(to="maria@example.com")
    assert inquiry.reference in mail.subject
    assert "Dear Maria Muster," in mail.message
    assert mail.headers["Auto-Submitted"] == "auto-replied"
    link = next(line for line in mail.message.splitlines() if line.startswith("http://testserver"))
    assert inquiry.reference in visitor.get(link.removeprefix("http://testserver")).content.decode()


def test_it_is_in_the_buyers_language(visitor):
    visitor.post("/zh-hans/inquiry/", typed())
    mail = Email.objects.get(to="maria@example.com")
    assert "http://testserver/zh-hans/inquiry/status/" in mail.message


def test_it_repeats_the_products_and_nothing_that_was_typed_except_the_name(visitor):
    product = make_product(name="Jaw crusher", unit="set")
    click = {"product": make_product(name="Screen", unit="piece").slug, "quantity": 3}
    visitor.post("/inquiry/basket/", click)
    data = typed(
        product=product.slug,
        quantity="2",
        unit="of evil.example",
        company="Visit us Ltd.",
        message="Buy at evil.example now",
    )
    visitor.post("/inquiry/", data)
    mail = Email.objects.get(to="maria@example.com")
    assert "You asked about:\n- 3 piece × Screen\n- 2 × Jaw crusher\n" in mail.message
    for text in ("Visit us", "evil", "901820"):
        assert text not in mail.subject + mail.message


def test_the_page_after_sending_repeats_the_inquiry_with_a_link_to_the_buyers_page(visitor):
    product = make_product(name="Jaw crusher", unit="set")
    data = typed(product=product.slug, quantity="2", message="Price <b> to Mombasa?")
    url = visitor.post("/inquiry/", data).url
    page = visitor.get(url).content.decode()
    assert "2 set × Jaw crusher" in page
    assert "Price &lt;b&gt; to Mombasa?" in page
    link = re.search(r'href="http://testserver(/inquiry/status/[^"]+)"', page)
    assert "Price &lt;b&gt; to Mombasa?" in visitor.get(link[1]).content.decode()
    without_proof = visitor.get(url.split("?")[0]).content.decode()
    assert "/inquiry/status/" not in without_proof
    assert "Mombasa" not in without_proof


def test_who_adds_to_an_earlier_inquiry_gets_no_link_to_it(visitor):
    product = make_product()
    for message in ("What does it cost?", "And two of them?"):
        response = visitor.post("/inquiry/", typed(product=product.slug, message=message))
    sent = visitor.get(response.url)
    assert Inquiry.objects.count() == 1
    assert sent.context["sent"].kind == "asked_again"
    assert "/inquiry/status/" not in sent.content.decode()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Maria Muster", "Maria Muster"),
        ("O'Neill-Smith Jr.", "O'Neill-Smith Jr"),
        ("李明", "李明"),
        ("محمد علي", "محمد علي"),
        ("J. R. Müller", "J. R. Müller"),
        ("Win at http://evil.example/x?y=1", "Win at"),
        ("www.evil.example", ""),
        ("evil.example now", "now"),
        ("evil。example", ""),
        ("<a href='https://evil.example'>Maria</a>", "Maria"),
        ("[url=evil.example]Maria[/url]", "Maria"),
        ("call 0900 123456 $$$", "call"),
        ("me@evil.example", ""),
        ("Buy the best of the pills there are in town", "Buy the best of the pills there are in"),
        ("x" * 100, "x" * 40),
    ],
)  # fmt: skip
def test_the_name_cannot_be_an_advertisement(name, expected):
    assert salutation(name) == expected


def test_the_number_for_each_buyer_is_limited(visitor):
    for number in range(5):
        email = "maria@example.com" if number % 2 else "MARIA@example.com"
        visitor.post(
            "/inquiry/", typed(email=email, message=str(number)), REMOTE_ADDR=f"10.0.0.{number}"
        )
    assert Inquiry.objects.count() == 5, "each inquiry is saved"
    assert Email.objects.filter(to__icontains="maria@example.com").count() == 3
    Inquiry.objects.update(acknowledged_at=timezone.now() - timedelta(hours=2))
    cache.clear()  # its counts, too, begin again after an hour
    visitor.post("/inquiry/", typed())
    assert Email.objects.filter(to__icontains="maria@example.com").count() == 4


def test_the_number_from_each_ip_address_is_limited(visitor, settings):
    settings.INQUIRY_RATE = (0, 3600)
    for number in range(12):
        visitor.post("/inquiry/", typed(email=f"buyer{number}@example.com"))
    assert Inquiry.objects.count() == 12
    assert Email.objects.filter(to__contains="buyer").count() == 10


@pytest.mark.parametrize(
    "spelling",
    ["victim+{}@example.com", "vic.tim+{}@gmail.com", "v.i.c.t.i.m+{}@googlemail.com"],
)
def test_all_spellings_of_a_mailbox_are_one_buyer(visitor, spelling):
    for number in range(12):
        data = typed(email=spelling.format(number), message=str(number))
        visitor.post("/inquiry/", data, REMOTE_ADDR=f"10.0.0.{number}")
    assert Inquiry.objects.count() == 12, "each inquiry is saved"
    assert Email.objects.count() == 3


def test_all_addresses_of_an_ipv6_network_are_one_sender(visitor):
    for number in range(15):
        data = typed(email=f"buyer{number}@example.com")
        visitor.post("/inquiry/", data, REMOTE_ADDR=f"2001:db8::{number:x}")
    assert Inquiry.objects.count() == 15
    assert Email.objects.count() == 10


def send_from_many_networks(visitor, count: int) -> None:
    for number in range(count):
        data = typed(email=f"buyer{number}@example.com")
        visitor.post("/inquiry/", data, REMOTE_ADDR=f"10.0.{number}.1")


def test_above_the_limit_of_the_site_inquiries_are_acknowledged_later(visitor, settings, set_clock):
    settings.ACKNOWLEDGEMENT_RATE = (3, 3600)
    send_from_many_networks(visitor, 5)
    assert Inquiry.objects.count() == 5
    assert Email.objects.count() == 3
    acknowledge_waiting_inquiries()
    assert Email.objects.count() == 3, "they wait"
    set_clock(timezone.now() + timedelta(minutes=11))
    acknowledge_waiting_inquiries()
    assert Email.objects.count() == 3, "the limit still holds"
    cache.clear()  # an hour later
    acknowledge_waiting_inquiries()
    acknowledge_waiting_inquiries()
    assert sorted(mail.to for mail in Email.objects.all()) == [
        [f"buyer{number}@example.com"] for number in range(5)
    ]
    assert not Inquiry.objects.filter(acknowledged_at=None).exists()
    waited = Inquiry.objects.get(email="buyer4@example.com")
    assert waited.events.with_message_id().exists(), "replies find it"


@pytest.mark.parametrize(
    "change",
    [
        {"status": Inquiry.Status.SPAM},
        {"first_response_at": timezone.now()},
        {"created_at": timezone.now() - timedelta(days=2)},
    ],
    ids=["spam", "answered", "old"],
)
def test_an_acknowledgement_that_makes_no_sense_any_more_is_not_sent(
    visitor, settings, set_clock, change
):
    settings.ACKNOWLEDGEMENT_RATE = (1, 3600)
    send_from_many_networks(visitor, 2)
    waiting = Inquiry.objects.filter(acknowledged_at=None)
    assert waiting.update(**change) == 1
    set_clock(timezone.now() + timedelta(minutes=11))
    cache.clear()
    acknowledge_waiting_inquiries()
    assert Email.objects.count() == 1
    assert waiting.get().acknowledge_after is None


def test_a_repeated_inquiry_is_acknowledged_once(visitor):
    product = make_product()
    for message in ("One?", "And two?"):
        visitor.post("/inquiry/", typed(product=product.slug, message=message))
    assert Email.objects.filter(to="maria@example.com").count() == 1


def test_inquiries_entered_by_staff_are_not_acknowledged():
    make_inquiry()
    assert not Email.objects.exists()


def test_buyer_and_staff_get_separate_emails(visitor):
    make_user("Managers", username="manager")
    visitor.post("/inquiry/", typed())
    to_buyer, to_staff = (Email.objects.get(to__contains=to) for to in ("maria", "manager"))
    assert "/admin/" not in to_buyer.message
    assert "/inquiry/status/" not in to_staff.message
    assert to_buyer.to == ["maria@example.com"]
    assert not any([to_buyer.cc, to_buyer.bcc, to_staff.cc, to_staff.bcc])
