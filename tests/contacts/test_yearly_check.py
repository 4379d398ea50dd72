"""Numbers and addresses are looked over once a year."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils.html import strip_tags

from contacts import phone_numbers
from contacts.models import Company, Contact
from contacts.yearly_check import FindingKind, find_problems, is_check_due
from tests.world import make_company, make_contact, make_user

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/contacts/contact/check/"


@pytest.fixture(autouse=True)
def company():
    return make_company(phone="+86 371 5370 6735")


@pytest.fixture
def manager(as_user):
    return as_user(make_user("Managers"))


def found(kind):
    problems = find_problems(Company.get_solo(), Contact.objects.all())
    return [problem for problem in problems if problem.kind == kind]


@pytest.mark.parametrize(
    "typed",
    ["+86-371-53706735", "0086 371 53706735", "(86) 371 53706735", "86-371-53706735",
     "86 371 53706735", "(0086)371-53706735", "0371 5370 6735", "+86 (0371) 53706735",
     "+8637153706735"],
)  # fmt: skip
def test_a_number_is_known_in_every_spelling_of_its_countrys_code(typed):
    make_contact(mobile=typed)
    (finding,) = found(FindingKind.NUMBER)
    assert strip_tags(finding.text).startswith(f"{typed} is written +86 371 5370 6735")


@pytest.mark.parametrize(
    "typed", ["+86 371 5370 6735", "+86 17729756864", "+49 30 901820", "+86 371 5370 6735 ext. 6"]
)
def test_an_international_number_may_be_grouped_as_one_likes(typed):
    make_contact(mobile=typed)
    assert not found(FindingKind.NUMBER)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("+86 371 53", "cannot be dialled"),
        ("+999 12345678", "cannot be dialled"),
        ("12345", "cannot be dialled"),
        ("+86 371 5370 6735 1234", "cannot be dialled"),
        ("+1 200 555 0100", "no numbers in use"),
    ],
)
def test_what_nobody_can_dial_is_found(typed, text):
    make_contact(fax=typed)
    (finding,) = found(FindingKind.NUMBER)
    assert text in finding.text


def test_without_a_country_a_national_number_cannot_be_read():
    assert phone_numbers.guess_number("0371 5370 6735") is None
    assert phone_numbers.guess_number("") is None


def test_what_stands_on_two_cards_is_found_however_it_is_written():
    july = make_contact(skype="Kevin.W ", mobile="+86 177 2975 6864", email="a@example.com")
    abner = make_contact(skype="kevin.w", phone="0086-17729756864", email="A@example.com")
    make_contact(skype="other", mobile="+86 177 1981 7326", email="c@example.com")
    assert [row.cards for row in found(FindingKind.DUPLICATE)] == [(july, abner)] * 3


def test_the_companys_own_numbers_may_stand_on_every_card():
    for _ in range(2):
        make_contact(phone="86 371 53706735")
    assert not found(FindingKind.DUPLICATE)


def test_a_number_twice_on_one_card_is_not_on_two():
    make_contact(phone="+86 177 2975 6864", mobile="+86 177 2975 6864")
    assert not found(FindingKind.DUPLICATE)


def test_skype_is_told_to_be_gone():
    make_contact(skype="july.s")
    (finding,) = found(FindingKind.DISCONTINUED)
    assert "shut down in May 2025" in finding.text
    assert "july.s" in finding.text


def test_who_would_not_hear_of_an_inquiry_is_found():
    make_contact(name="Told", email="told@example.com", user=make_user("Sales"))
    make_contact(name="By the account's mail", user=make_user("Sales"))
    make_contact(name="Gone", is_active=False)
    silent = make_contact(name="Silent")
    closed = make_contact(email="x@example.com", user=make_user("Sales", is_active=False))
    texts = {(row.cards[0].pk, row.text.split(":")[0]) for row in found(FindingKind.UNREACHABLE)}
    assert texts == {
        (silent.pk, "No e-mail"),
        (silent.pk, "No staff account in use"),
        (closed.pk, "No staff account in use"),
    }


@pytest.mark.parametrize(
    ("days", "shown"),
    [(None, "never"), (364, "Nov. 26, 2025"), (365, "more than a year ago")],
)
def test_a_card_is_due_after_a_year(manager, company, monkeypatch, days, shown):
    monkeypatch.setattr(Company, "today", date(2026, 11, 25))
    day = None if days is None else company.today - timedelta(days=days)
    july = make_contact(checked_on=day)
    assert is_check_due(july, company.today) is (days != 364)
    row = manager.get(ADDRESS).content.decode().split(f"<bdi>{july}</bdi>")[-1].split("</tr>")[0]
    assert shown in row
    assert ("state-new" in row) is (days != 364)


def test_the_list_names_each_card_with_its_form(manager):
    july = make_contact(name="July <b>", phone="12345")
    page = manager.get(ADDRESS).content.decode()
    assert f'href="/admin/contacts/contact/{july.pk}/change/"><bdi>July &lt;b&gt;</bdi>' in page
    assert "12345</bdi> cannot be dialled" in page
    assert "<b>" not in page
    assert ADDRESS in manager.get("/admin/contacts/contact/").content.decode()
    assert ADDRESS in manager.get("/admin/").content.decode()


def test_a_button_keeps_the_day_and_says_who_pressed_it(manager, company):
    july = make_contact(name="July")
    response = manager.post(f"{ADDRESS}{july.pk}/", follow=True)
    assert "July is checked for this year." in response.content.decode()
    july.refresh_from_db()
    assert july.checked_on == company.today
    assert not is_check_due(july, company.today)
    assert LogEntry.objects.get().change_message == "Numbers and addresses checked."
    manager.post(f"{ADDRESS}company/")
    assert Company.get_solo().checked_on == company.today


def test_looking_changes_nothing(manager):
    july = make_contact(checked_on=None)
    manager.get(ADDRESS)
    assert manager.get(f"{ADDRESS}{july.pk}/").status_code == 405
    assert manager.post(f"{ADDRESS}999999/").status_code == 404
    july.refresh_from_db()
    assert july.checked_on is None


@pytest.mark.parametrize("role", ["Sales", "Editors"])
def test_only_who_may_change_contacts_sees_and_checks_them(as_user, role):
    client, july = as_user(make_user(role)), make_contact()
    assert client.get(ADDRESS).status_code == 403
    for address in (f"{ADDRESS}{july.pk}/", f"{ADDRESS}company/"):
        assert client.post(address).status_code == 403
    assert ADDRESS not in client.get("/admin/").content.decode()
    july.refresh_from_db()
    assert july.checked_on is None


def test_the_list_is_bounded_and_costs_the_same_queries(
    manager, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("contacts.admin.yearly_check.MAX_CONTACTS", 5)
    monkeypatch.setattr("contacts.admin.yearly_check.MAX_FINDINGS", 7)
    for number in range(9):
        make_contact(name=f"Number {number}", skype="same")
    with django_assert_max_num_queries(7):
        page = manager.get(ADDRESS).content.decode()
    assert "the 5 people who were not checked for longest" in page
    assert "more are shown when these are done" in page
    assert "Number 5" not in page
