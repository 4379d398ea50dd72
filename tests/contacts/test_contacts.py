"""The company and its people."""

import pytest
import vobject
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from contacts.models import Contact
from tests.world import make_company, make_contact, make_inquiry, make_user

pytestmark = pytest.mark.django_db


def card_of(reader, contact: Contact):
    response = reader.get(f"/contacts/{contact.pk}.vcf")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/vcard; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]
    return vobject.readOne(response.content.decode())


def test_a_vcard_holds_everything_on_the_card(reader):
    make_company(name="Example; Sons, Ltd.", address="No. 1, Example Road")
    contact = make_contact(
        name="周 Candy",
        title="Sales",
        phone="86 371 1",
        fax="86 371 2",
        mobile="+86-177",
        skype="candy.s",
        email="candy@example.com",
    )
    card = card_of(reader, contact)
    assert card.fn.value == "周 Candy"
    assert card.org.value == ["Example; Sons, Ltd."]
    numbers = {tuple(line.type_paramlist): line.value for line in card.tel_list}
    assert numbers == {
        ("WORK", "VOICE"): "86 371 1",
        ("WORK", "FAX"): "86 371 2",
        ("CELL",): "+86-177",
    }
    assert card.email.value == "candy@example.com"
    assert card.title.value == "Sales"
    assert card.x_skype.value == "candy.s"
    assert card.adr.value.street == "No. 1, Example Road"


def test_a_vcard_leaves_out_what_is_empty(reader):
    card = card_of(reader, make_contact(name="July"))
    assert set(card.contents) == {"version", "fn", "n", "url"}


def test_a_name_cannot_add_lines_to_a_vcard(reader):
    card = card_of(reader, make_contact(name="July\r\nTEL:+1 900"))
    assert "tel" not in card.contents


def test_who_is_not_on_the_site_has_no_vcard(reader):
    assert reader.get(f"/contacts/{make_contact(is_active=False).pk}.vcf").status_code == 404
    assert reader.get("/contacts/999999.vcf").status_code == 404


def test_contacts_stand_in_their_order(reader):
    make_contact(name="Zoe First", order=1)
    make_contact(name="Abe Second", order=2)
    page = reader.get("/contacts/").content.decode()
    assert page.index("Zoe First") < page.index("Abe Second")


def test_whatsapp_needs_a_mobile_number():
    with pytest.raises(ValidationError, match="mobile number that is on WhatsApp"):
        Contact(name="July", whatsapp=True).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_contact(whatsapp=True)


@pytest.mark.parametrize("number", ["+86-371-53706735", "86 371 53706735", "(030) 123/45 ext. 6"])
def test_numbers_are_kept_as_they_are_typed(number):
    contact = Contact(name="July", phone=number)
    contact.full_clean()
    assert contact.phone == number


@pytest.mark.parametrize("number", ["call me", "12", "+86\n371 1234", "<b>123456</b>"])
def test_what_is_no_number_is_refused(number):
    with pytest.raises(ValidationError, match="telephone number"):
        Contact(name="July", phone=number).full_clean()


def test_a_contact_with_inquiries_is_not_deleted_but_taken_off_the_site(as_user):
    contact = make_contact(name="July")
    make_inquiry().assign(contact, by=None)
    as_user(make_user("Managers")).post(
        f"/admin/contacts/contact/{contact.pk}/delete/", {"post": "yes"}
    )
    assert Contact.objects.filter(pk=contact.pk).exists()
