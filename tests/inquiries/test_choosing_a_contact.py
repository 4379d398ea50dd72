"""“Ask Candy” on a card of the site sends the inquiry to Candy."""

import pytest

from inquiries.models import Inquiry
from tests.inquiries.absences import send_away
from tests.inquiries.test_inquiry_form import typed
from tests.world import make_contact, make_inquiry, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def candy():
    return make_contact(name="Candy <b>", email="candy@example.com")


def test_the_form_says_to_whom_it_goes_and_it_goes_there(reader, candy):
    page = reader.get(f"/inquiry/?contact={candy.pk}").content.decode()
    assert "Your inquiry goes to <bdi>Candy &lt;b&gt;</bdi>." in page
    assert f'<input type="hidden" name="contact" value="{candy.pk}">' in page
    reader.post("/inquiry/", typed(contact=candy.pk))
    inquiry = Inquiry.objects.get()
    assert (inquiry.assigned_to, inquiry.chosen_contact) == (candy, candy)


def test_it_is_kept_when_something_is_wrong(reader, candy):
    page = reader.post("/inquiry/", typed(contact=candy.pk, email="maria@"))
    assert page.status_code == 422
    assert f'<input type="hidden" name="contact" value="{candy.pk}">' in page.content.decode()


def test_who_is_away_is_named_with_who_stands_in(reader, candy):
    abner = make_contact(name="Abner")
    send_away(candy, abner)
    page = reader.get(f"/inquiry/?contact={candy.pk}").content.decode()
    assert "is away until" in page
    assert "goes to <bdi>Abner</bdi>, who stands in" in page
    reader.post("/inquiry/", typed(contact=candy.pk))
    assert Inquiry.objects.get().assigned_to == abner


def test_where_nobody_stands_in_it_goes_to_a_colleague(reader, candy):
    send_away(candy)
    page = reader.get(f"/inquiry/?contact={candy.pk}").content.decode()
    assert "Your inquiry goes to a colleague." in page
    reader.post("/inquiry/", typed(contact=candy.pk))
    assert Inquiry.objects.get().status == "new"


@pytest.mark.parametrize("contact", ["", "999", "x", "a\0", "-1", "9" * 30, "off the site"])
def test_nobody_in_particular_is_asked_by_what_names_nobody(reader, contact):
    if contact == "off the site":
        contact = make_contact(is_active=False).pk
    page = reader.get("/inquiry/", {"contact": contact})
    assert page.status_code == 200
    assert "goes to" not in page.content.decode()
    assert reader.post("/inquiry/", typed(contact=contact)).status_code == 302
    assert Inquiry.objects.get().assigned_to is None


def test_a_manager_sees_whom_the_buyer_asked_for(as_user, candy):
    send_away(candy)
    inquiry = make_inquiry(chosen_contact=candy)
    page = as_user(make_user("Managers")).get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/")
    assert "Asked for:" in page.content.decode()
    assert ">Candy &lt;b&gt;</a></div>" in page.content.decode()
