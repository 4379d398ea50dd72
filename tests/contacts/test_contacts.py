"""Sales contacts."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from contacts.models import Contact
from inquiries.services import assign_inquiry
from tests.factories import make_contact, make_inquiry, make_user

pytestmark = pytest.mark.django_db


def test_contacts_are_listed_in_their_order(visitor):
    make_contact(name="Zoe First", order=1)
    make_contact(name="Abe Second", order=2)
    page = visitor.get("/contacts/").content.decode()
    assert page.index("Zoe First") < page.index("Abe Second")


def test_whatsapp_needs_a_mobile_number():
    with pytest.raises(ValidationError, match="mobile number used on WhatsApp"):
        Contact(name="July", whatsapp=True).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_contact(whatsapp=True)


@pytest.mark.parametrize("number", ["+86-371-53706735", "86 371 53706735", "(030) 123/45 ext. 6"])
def test_numbers_are_stored_as_typed(number):
    contact = Contact(name="July", phone=number)
    contact.full_clean()
    assert contact.phone == number


@pytest.mark.parametrize("number", ["call me", "12", "+86\n371 1234", "<b>123456</b>"])
def test_invalid_numbers_are_rejected(number):
    with pytest.raises(ValidationError, match="phone number"):
        Contact(name="July", phone=number).full_clean()


def test_a_contact_with_inquiries_can_be_deactivated_but_not_deleted(as_user):
    contact = make_contact(name="July")
    assign_inquiry(make_inquiry(), contact, by=None)
    as_user(make_user("Managers")).post(
        f"/admin/contacts/contact/{contact.pk}/delete/", {"post": "yes"}
    )
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_a_contact_can_only_be_linked_to_a_staff_account(as_user):
    july = make_contact(name="July")
    account = make_user("Sales", username="july")
    make_user(username="visitor", is_staff=False)
    page = as_user(make_user("Managers")).get(f"/admin/contacts/contact/{july.pk}/change/")
    html = page.content.decode()
    assert f'<option value="{account.pk}">july</option>' in html
    assert "visitor</option>" not in html
