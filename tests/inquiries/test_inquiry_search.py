"""The staff finds inquiries by their messages, and by addresses and numbers in any spelling."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inquiries.models import FormerReference, Inquiry, InquirySearchText
from inquiries.services import (
    add_message,
    add_note,
    answer_inquiry,
    assign_inquiry,
    erase_inquiry,
    merge_inquiries,
    split_inquiry,
)
from tests.cases import read_cases
from tests.factories import make_company, make_contact, make_inquiry, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/inquiries/inquiry/"


def listed(client, searched: str) -> list[str]:
    """The names of the buyers of the listed inquiries."""
    page = client.get(LIST, {"q": searched})
    assert page.status_code == 200
    return sorted(inquiry.name for inquiry in page.context["cl"].result_list)


@pytest.fixture
def inquiry(manager):
    make_company(country="CN")
    make_inquiry(
        name="Other", email="other@example.org", message="Nothing", phone="+44 20 7946 0018"
    )
    return make_inquiry(
        name="Jürgen Müller",
        email="j.mueller@muster-werke.example",
        company="Muster & Söhne GmbH",
        phone="0371-5370 6735",
        phone_e164="+8637153706735",
        message="We need a PE-600 jaw crusher.\nﾎﾟﾝﾌﾟ, 颚式破碎机, كَسّارة فكّيّة, щёковая дробилка",
    )


@pytest.mark.parametrize(
    "case", read_cases("text/inquiry_searches.json"), ids=lambda case: case["searched"]
)
def test_an_inquiry_is_found_in_every_spelling(manager, inquiry, case):
    assert listed(manager, case["searched"]) == ([inquiry.name] if case["found"] else [])


@pytest.mark.parametrize(
    "case",
    [case for case in read_cases("forms/phone_numbers.json") if case["e164"]],
    ids=lambda case: case["typed"],
)
def test_a_phone_number_is_found_as_it_was_typed_and_in_other_spellings(manager, case):
    typed, e164 = case["typed"].replace("\0", ""), case["e164"]
    make_inquiry(phone=typed, phone_e164=e164, country=case.get("country", ""))
    make_inquiry(name="Other", email="other@example.org")
    for searched in (typed, e164, f"00{e164[1:]}", f"{e164[:3]} {e164[3:8]}-{e164[8:]}"):
        assert listed(manager, searched) == ["Peter Sample"], searched


def test_every_reference_is_found_however_it_is_copied(manager, inquiry):
    reference = inquiry.reference
    for searched in (
        reference, reference.lower(), f"[{reference}]", f"#{reference}", reference[:6],
        f"{reference[:4]}-{reference[4:]}", f"Re: Your inquiry ({reference})",
    ):  # fmt: skip
        assert listed(manager, searched) == [inquiry.name], searched


def test_later_messages_answers_and_notes_are_found(manager, inquiry):
    user = make_user("Managers")
    assign_inquiry(inquiry, make_contact(), by=user)
    add_message(inquiry, "And a vibrating feeder")
    add_note(inquiry, "Called him at the Bauma fair", by=user)
    answer_inquiry(inquiry, "The price is in the quotation", by=user)
    for searched in ("vibrating feeder", "bauma", "quotation"):
        assert listed(manager, searched) == [inquiry.name], searched
    assert listed(manager, "crusher feeder quotation") == [inquiry.name]


def test_an_erased_inquiry_is_only_found_by_its_reference(manager, inquiry):
    add_message(inquiry, "And a vibrating feeder")
    erase_inquiry(inquiry, by=None)
    for searched in ("Müller", "crusher", "feeder", "muster-werke", "53706735"):
        assert listed(manager, searched) == [], searched
    assert InquirySearchText.objects.get(inquiry=inquiry).text == inquiry.reference.lower()
    assert listed(manager, inquiry.reference) == [""]


def test_a_merged_inquiry_is_found_by_the_texts_and_references_of_both(manager, inquiry):
    younger = make_inquiry(name="Jürgen M.", email=inquiry.email, message="Also a cone crusher")
    reference = younger.reference
    merge_inquiries(inquiry, younger, by=make_user("Managers"))
    assert listed(manager, "cone") == [inquiry.name]
    assert listed(manager, reference) == listed(manager, reference[:6]) == [inquiry.name]


def test_a_message_that_was_split_off_is_found_in_the_new_inquiry_only(manager, inquiry):
    add_message(inquiry, "And a vibrating feeder")
    message = inquiry.events.get(text__contains="feeder")
    new = split_inquiry(inquiry, lines=[], messages=[message.pk], by=make_user("Managers"))
    page = manager.get(LIST, {"q": "feeder"})
    assert list(page.context["cl"].result_list) == [new]


def test_contacts_find_only_their_own_inquiries(as_user, inquiry):
    user = make_user("Sales")
    own = make_inquiry(name="Own", email="own@example.org", message=f"Like {inquiry.reference}")
    assign_inquiry(own, make_contact(user=user), by=None)
    assign_inquiry(inquiry, make_contact(), by=None)
    sales = as_user(user)
    for searched in ("crusher", "53706735", "muster-werke"):
        assert listed(sales, searched) == [], searched
    assert listed(sales, inquiry.reference) == ["Own"]
    FormerReference.objects.create(inquiry=inquiry, reference="23456789", number=10_000)
    assert listed(sales, "23456789") == []


def test_an_email_address_finds_its_buyer_without_searching_the_texts(manager, inquiry):
    email = inquiry.email
    make_inquiry(name="Peter", message=f"Like {email}")
    merged = make_inquiry(name="Merged", email="ann@example.org")
    younger = make_inquiry(email=email.upper())
    merge_inquiries(merged, younger, by=make_user("Managers"))
    for searched in (email, f"Jürgen <{email}>"):
        with CaptureQueriesContext(connection) as queries:
            assert listed(manager, searched) == [inquiry.name, "Merged"]
        assert not any("LIKE" in query["sql"] for query in queries)


def test_an_email_address_of_no_buyer_is_found_in_texts(manager, inquiry):
    make_inquiry(name="Peter", message="Copy to stock@muster-werke.example")
    assert listed(manager, "stock@muster-werke.example") == ["Peter"]


def test_a_search_needs_the_same_queries_for_many_inquiries(manager, django_assert_num_queries):
    make_inquiry(message="A crusher")
    manager.get(LIST, {"q": "crusher"})  # fills the caches
    with CaptureQueriesContext(connection) as one:
        manager.get(LIST, {"q": "crusher"})
    for number in range(8):
        inquiry = make_inquiry(email=f"{number}@example.org", message="A crusher")
        add_message(inquiry, "Another crusher")
    with django_assert_num_queries(len(one)):
        manager.get(LIST, {"q": "crusher"})


def test_rebuilding_fills_the_texts_of_all_inquiries(manager, inquiry, capsys):
    InquirySearchText.objects.all().delete()
    Inquiry.objects.filter(pk=inquiry.pk).update(company="Renamed")
    assert listed(manager, "renamed") == []
    call_command("rebuild_search")
    assert "2 inquiries indexed." in capsys.readouterr().out
    assert listed(manager, "renamed") == [inquiry.name]


@pytest.mark.parametrize(
    "searched", ["", "%", "_", '"', "-", "-crusher", "\\", "*", "()", "x" * 5000]
)
def test_unusual_searches_are_no_error(manager, inquiry, searched):
    assert manager.get(LIST, {"q": searched}).status_code == 200
