"""An inquiry to the contact on whose card the visitor opened the form."""

import pytest

from inquiries.models import Inquiry
from tests.factories import make_contact, make_inquiry, make_user
from tests.inquiries.absences import add_absence
from tests.inquiries.test_inquiry_form import typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def candy():
    return make_contact(name="Candy <b>", email="candy@example.com")


def test_the_inquiry_is_assigned_to_the_chosen_contact(visitor, candy):
    page = visitor.get(f"/inquiry/?contact={candy.pk}").content.decode()
    assert "Your inquiry goes to <bdi>Candy &lt;b&gt;</bdi>." in page
    assert f'<input type="hidden" name="contact" value="{candy.pk}">' in page
    visitor.post("/inquiry/", typed(contact=candy.pk))
    inquiry = Inquiry.objects.get()
    assert (inquiry.assigned_to, inquiry.chosen_contact) == (candy, candy)


def test_an_invalid_form_keeps_the_contact(visitor, candy):
    page = visitor.post("/inquiry/", typed(contact=candy.pk, email="maria@"))
    assert page.status_code == 422
    assert f'<input type="hidden" name="contact" value="{candy.pk}">' in page.content.decode()


def test_the_form_names_the_substitute_of_an_absent_contact(visitor, candy):
    abner = make_contact(name="Abner")
    add_absence(candy, abner)
    page = visitor.get(f"/inquiry/?contact={candy.pk}").content.decode()
    assert "is out of office until" in page
    assert "goes to the substitute, <bdi>Abner</bdi>" in page
    visitor.post("/inquiry/", typed(contact=candy.pk))
    assert Inquiry.objects.get().assigned_to == abner


def test_an_absent_contact_without_substitute_is_not_assigned(visitor, candy):
    add_absence(candy)
    page = visitor.get(f"/inquiry/?contact={candy.pk}").content.decode()
    assert "Your inquiry goes to a colleague." in page
    visitor.post("/inquiry/", typed(contact=candy.pk))
    assert Inquiry.objects.get().status == "new"


@pytest.mark.parametrize("contact", ["", "999", "x", "a\0", "-1", "9" * 30, "inactive"])
def test_an_unknown_contact_is_ignored(visitor, contact):
    if contact == "inactive":
        contact = make_contact(is_active=False).pk
    page = visitor.get("/inquiry/", {"contact": contact})
    assert page.status_code == 200
    assert "goes to" not in page.content.decode()
    assert visitor.post("/inquiry/", typed(contact=contact)).status_code == 302
    assert Inquiry.objects.get().assigned_to is None


def test_the_admin_shows_the_chosen_contact(as_user, candy):
    add_absence(candy)
    inquiry = make_inquiry(chosen_contact=candy)
    page = as_user(make_user("Managers")).get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/")
    assert "Requested contact:" in page.content.decode()
    assert ">Candy &lt;b&gt;</a></div>" in page.content.decode()
