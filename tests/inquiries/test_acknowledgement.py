"""The acknowledgement is sent at once and cannot be used to send spam to others."""

from datetime import timedelta

import pytest
from django.utils import timezone
from post_office.models import Email

from inquiries.emails.salutation import salutation
from inquiries.models import Inquiry
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


def test_it_repeats_nothing_that_was_typed_except_the_name(visitor):
    product = make_product(name="Cheap pills")
    data = typed(product=product.slug, company="Visit us Ltd.", message="Buy at evil.example now")
    visitor.post("/inquiry/", data)
    mail = Email.objects.get(to="maria@example.com")
    for text in ("Cheap pills", "Visit us", "evil", "901820"):
        assert text not in mail.subject + mail.message


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
    visitor.post("/inquiry/", typed())
    assert Email.objects.filter(to__icontains="maria@example.com").count() == 4


def test_the_number_from_each_ip_address_is_limited(visitor, settings):
    settings.INQUIRY_RATE = (0, 3600)
    for number in range(12):
        visitor.post("/inquiry/", typed(email=f"buyer{number}@example.com"))
    assert Inquiry.objects.count() == 12
    assert Email.objects.filter(to__contains="buyer").count() == 10


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
