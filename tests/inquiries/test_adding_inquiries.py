"""Staff enter inquiries that arrived by telephone, at a trade fair, in a chat or on paper."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from post_office.models import Email

from inquiries.models import AssignmentRule, Inquiry, InquiryEvent
from inquiries.personal_data.lookup import emails_about
from inquiries.services import MissingEmailError, answer_inquiry, assign_inquiry, merge_inquiries
from tests.factories import make_contact, make_inquiry, make_product, make_user
from tests.inquiries.urls import change_url

pytestmark = pytest.mark.django_db

URL = "/admin/inquiries/inquiry/add/"
LIST = "/admin/inquiries/inquiry/"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"


def form_data(**fields: object) -> dict[str, object]:
    lines = {"lines-TOTAL_FORMS": "8", "lines-INITIAL_FORMS": "0"}
    return {
        **lines,
        "key": str(uuid4()),
        "source": "phone",
        "message": "Needs two crushers by spring.",
        "name": "Maria Muster",
        "email": "maria@example.com",
        "phone": "+49 30 901820",
        "country": "DE",
        "language": "en",
        **fields,
    }


@pytest.fixture
def manager(as_user):
    return as_user(make_user("Managers", username="manager"))


@pytest.fixture
def july():
    return make_contact(name="July", email="july@example.com", user=make_user("Sales"))


def acknowledgements() -> int:
    return Email.objects.filter(to="maria@example.com").count()


def test_an_inquiry_is_saved_with_all_its_fields(manager):
    crusher, screen = make_product(name="Jaw crusher", unit="set"), make_product(name="Screen")
    sent = form_data(
        source="trade_fair",
        company="Example GmbH",
        incoterm="FOB",
        destination_port="Hamburg",
        target_price="12,500.00",
        currency="USD",
        attachments=[SimpleUploadedFile("card.pdf", PDF)],
        **{"lines-0-product": crusher.slug, "lines-0-quantity": "2"},
        **{"lines-4-product": screen.slug, "lines-4-quantity": "1", "lines-4-unit": "unit"},
    )
    response = manager.post(URL, sent)
    inquiry = Inquiry.objects.get()
    assert response.url == change_url(inquiry)
    assert [str(line) for line in inquiry.lines.all()] == ["2 set × Jaw crusher", "1 unit × Screen"]
    assert (inquiry.name, inquiry.company) == ("Maria Muster", "Example GmbH")
    assert (inquiry.source, inquiry.get_source_display()) == ("trade_fair", "Trade fair")
    assert (inquiry.phone_e164, inquiry.country.code) == ("+4930901820", "DE")
    assert (inquiry.incoterm, inquiry.target_price, inquiry.currency) == ("FOB", 12500, "USD")
    assert inquiry.attachments.get().name == "card.pdf"
    assert inquiry.due_at > inquiry.created_at
    event = inquiry.events.first()
    assert (event.kind, event.actor.username) == (InquiryEvent.Kind.RECEIVED, "manager")


def test_the_assignment_rules_apply(manager, july):
    other = make_contact(name="Candy")
    AssignmentRule.objects.create(name="Germany", countries=["DE"], contact=july)
    manager.post(URL, form_data())
    assert Inquiry.objects.get().assigned_to == july
    assert Email.objects.filter(to="july@example.com").exists()
    manager.post(URL, form_data(contact=other.pk, email="second@example.com"))
    assert Inquiry.objects.get(email="second@example.com").assigned_to == other


@pytest.mark.parametrize(("ticked", "count"), [({"acknowledge": "on"}, 1), ({}, 0)])
def test_an_acknowledgement_is_sent_if_the_box_is_ticked(manager, ticked, count):
    manager.post(URL, form_data(**ticked))
    assert acknowledgements() == count
    assert bool(Inquiry.objects.get().acknowledged_at) == bool(count)


def test_the_acknowledgement_is_in_the_chosen_language(manager):
    manager.post(URL, form_data(acknowledge="on", language="zh-hans"))
    email = Email.objects.get(to="maria@example.com")
    assert re.search("[一-鿿]", email.message)


def test_a_phone_number_is_enough(manager, july):
    manager.post(URL, form_data(email=""))
    inquiry = Inquiry.objects.get()
    assert (inquiry.email, inquiry.phone_e164) == ("", "+4930901820")
    assign_inquiry(inquiry, july, by=None)
    page = manager.get(change_url(inquiry)).content.decode()
    assert "mailto:" not in page
    assert "1 inquiry from this buyer" in page
    sent = {"new_status": "assigned", "contact": july.pk, "answer": "Hello"}
    response = manager.post(change_url(inquiry), sent)
    [error] = response.context["adminform"].form.errors["answer"]
    assert error == "This buyer has no e-mail address. Reply by phone."
    with pytest.raises(MissingEmailError):
        answer_inquiry(inquiry, "Hello", by=None)


def test_buyers_without_an_e_mail_address_are_different_buyers(manager):
    for name in ("Ann", "Ben"):
        manager.post(URL, form_data(name=name, email="", phone="+49 30 901820"))
    ann, ben = Inquiry.objects.order_by("pk")
    manager.get(LIST)  # shows the messages
    page = manager.get(f"{LIST}{ann.pk}/buyer/").content.decode()
    assert ann.reference in page
    assert ben.reference not in page
    merged = manager.post(f"{LIST}{ann.pk}/merge/", {"reference": ben.reference})
    assert merged.context["form"].errors["other_buyer"]
    assert not emails_about([ann]).filter(subject__contains=ben.reference).exists()


def test_the_data_of_a_buyer_without_an_e_mail_address_is_exported_and_erased(manager):
    manager.post(URL, form_data(name="Ann", email=""))
    manager.post(URL, form_data(name="Ben", email=""))
    ann, ben = Inquiry.objects.order_by("pk")
    response = manager.post(f"{LIST}{ann.pk}/personal-data/export/")
    assert response.status_code == 200
    manager.post(f"{LIST}{ann.pk}/personal-data/erase/", {"close_open": "on"})
    assert [Inquiry.objects.get(pk=one.pk).name for one in (ann, ben)] == ["", "Ben"]


def test_merging_with_a_buyer_without_an_e_mail_address_asks_first(manager):
    manager.post(URL, form_data(email=""))
    inquiry = Inquiry.objects.get()
    other = make_inquiry()
    merge_inquiries(inquiry, other, by=None)
    assert Inquiry.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "", "phone": ""}, "email"),
        ({"email": "maria"}, "email"),
        ({"phone": "+49 1"}, "phone"),
        ({"message": ""}, "message"),
        ({"name": ""}, "name"),
        ({"source": "product"}, "source"),
        ({"source": ""}, "source"),
        ({"language": "xx"}, "language"),
        ({"email": "", "acknowledge": "on"}, "acknowledge"),
        ({"target_price": "1.2.3,4,5", "currency": "USD"}, "target_price"),
        ({"attachments": [SimpleUploadedFile("a.pdf", b"MZ")]}, "attachments"),
    ],
)
def test_an_error_is_shown_beside_its_field_with_everything_typed(manager, wrong, field):
    sent = {"company": "Example GmbH", **wrong}
    response = manager.post(URL, form_data(**sent))
    assert response.status_code == 422
    assert list(response.context["adminform"].form.errors) == [field]
    page = response.content.decode()
    assert "Example GmbH" in page
    assert re.search("<title>\\s*Error:", page)
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "5"}, "product"),
        ({"product": "x"}, "product"),
    ],
)
def test_an_error_in_a_line_is_shown_beside_its_field(manager, line, field):
    response = manager.post(URL, form_data(**{f"lines-1-{name}": v for name, v in line.items()}))
    assert response.status_code == 422
    assert field in response.context["lines"].forms[1].errors
    assert not Inquiry.objects.exists()


def test_a_double_click_saves_one_inquiry(manager):
    sent = form_data()
    first, second = manager.post(URL, sent), manager.post(URL, sent)
    assert first.url == second.url
    assert Inquiry.objects.count() == 1


def test_a_sales_contact_who_is_not_assigned_returns_to_the_list(as_user, july):
    candy = make_contact(name="Candy", user=make_user("Sales"))
    AssignmentRule.objects.create(name="Germany", countries=["DE"], contact=july)
    client = as_user(candy.user)
    response = client.post(URL, form_data(), follow=True)
    assert response.redirect_chain[-1][0] == LIST
    inquiry = Inquiry.objects.get()
    page = response.content.decode()
    assert f"Inquiry {inquiry.reference} was saved and assigned to July." in page
    assert inquiry.name not in page


@pytest.mark.parametrize("role", ["Managers", "Sales"])
def test_the_list_links_to_the_form(as_user, role):
    client = as_user(make_user(role))
    assert f'href="{URL}' in client.get(LIST).content.decode()
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize("role", ["Editors", "Writers", ""])
def test_others_cannot_add_inquiries(as_user, role):
    client = as_user(make_user(role))
    assert client.get(URL).status_code == 403
    assert client.post(URL, form_data()).status_code == 403
    assert not Inquiry.objects.exists()
