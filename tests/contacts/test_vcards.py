"""vCards and QR codes of contacts."""

from io import BytesIO
from unittest import mock
from xml.etree import ElementTree

import pytest
import vobject
from django.core.files.base import ContentFile
from PIL import Image

from contacts.models import Contact
from tests.factories import make_company, make_contact, picture_file

pytestmark = pytest.mark.django_db


def card_of(visitor, contact: Contact):
    response = visitor.get(f"/contacts/{contact.pk}.vcf")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/vcard; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]
    return vobject.readOne(response.content.decode())


def test_a_vcard_has_everything_on_the_card(visitor):
    make_company(name="Example; Sons, Ltd.", address="No. 1, Example Road")
    contact = make_contact(
        name="周 Candy",
        title="Sales",
        department="Spare Parts",
        phone="86 371 1",
        fax="86 371 2",
        mobile="+86-177",
        skype="candy.s",
        email="candy@example.com",
    )
    card = card_of(visitor, contact)
    assert card.fn.value == "周 Candy"
    assert card.org.value == ["Example; Sons, Ltd.", "Spare Parts"]
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


def test_a_vcard_has_no_empty_fields(visitor):
    card = card_of(visitor, make_contact(name="July"))
    assert set(card.contents) == {"version", "fn", "n", "url"}


def test_a_name_cannot_add_lines_to_a_vcard(visitor):
    card = card_of(visitor, make_contact(name="July\r\nTEL:+1 900"))
    assert "tel" not in card.contents


def test_an_inactive_contact_has_no_vcard(visitor):
    assert visitor.get(f"/contacts/{make_contact(is_active=False).pk}.vcf").status_code == 404
    assert visitor.get("/contacts/999999.vcf").status_code == 404


def test_a_vcard_has_languages_and_time_zone(visitor):
    make_company(time_zone="Asia/Shanghai")
    card = card_of(visitor, make_contact(languages=["en", "zh"]))
    assert card.note.value == "Speaks English, 中文"
    assert card.tz.value == "Asia/Shanghai"
    card = card_of(visitor, make_contact(time_zone="Asia/Dubai"))
    assert card.tz.value == "Asia/Dubai"


def test_a_vcard_has_the_photo_as_a_small_jpeg(visitor):
    out = BytesIO()
    Image.new("RGBA", (900, 900), (200, 10, 10, 128)).save(out, "PNG")
    contact = make_contact(photo=ContentFile(out.getvalue(), name="face.png"))
    photo = Image.open(BytesIO(card_of(visitor, contact).photo.value))
    assert (photo.format, photo.size) == ("JPEG", (256, 256))


def test_a_missing_photo_file_does_not_break_the_vcard(visitor, caplog):
    contact = make_contact(name="July", photo=picture_file())
    contact.photo.storage.delete(contact.photo.name)
    card = card_of(visitor, contact)
    assert card.fn.value == "July"
    assert "photo" not in card.contents
    assert "could not be read" in caplog.text


def test_browsers_cache_the_qr_code_and_revalidate_it(visitor):
    contact = make_contact(name="周 Candy", mobile="+86-177")
    response = visitor.get(f"/contacts/{contact.pk}.svg")
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert "public" in response.headers["Cache-Control"]
    assert ElementTree.fromstring(response.content).tag.endswith("svg")  # noqa: S314
    headers = {"If-None-Match": response.headers["ETag"]}
    assert visitor.get(f"/contacts/{contact.pk}.svg", headers=headers).status_code == 304
    Contact.objects.update(mobile="+86-178")
    assert visitor.get(f"/contacts/{contact.pk}.svg", headers=headers).status_code == 200


def test_the_qr_code_has_the_numbers_and_the_email_address(visitor):
    make_company(name="Example, Sons", address="No. 1, Example Road")
    contact = make_contact(
        name="周 Candy", department="Spare Parts", phone="86 371 1", email="candy@example.com"
    )
    with mock.patch("segno.make_qr") as make_qr:
        make_qr.return_value.save.side_effect = lambda out, **options: out.write(b"<svg/>")
        visitor.get(f"/contacts/{contact.pk}.svg")
    text = make_qr.call_args.args[0]
    card = vobject.readOne(text)
    assert set(card.contents) == {"version", "fn", "n", "org", "tel", "email", "url"}
    assert card.fn.value == "周 Candy"
    assert len(text.encode()) < 400


def test_an_inactive_contact_has_no_qr_code(visitor):
    assert visitor.get(f"/contacts/{make_contact(is_active=False).pk}.svg").status_code == 404
    assert visitor.get("/contacts/999999.svg").status_code == 404
