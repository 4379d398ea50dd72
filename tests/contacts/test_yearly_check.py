"""The yearly check of numbers and e-mail addresses."""

from datetime import date, timedelta

import pytest
from django.utils.html import strip_tags

from contacts.models import Company, Contact
from contacts.yearly_check import FindingKind, find_problems, is_check_due
from core import phone_numbers
from core.staff_log.models import StaffAction
from tests.factories import make_company, make_contact, make_user

pytestmark = pytest.mark.django_db

CHECK_URL = "/admin/contacts/contact/check/"


@pytest.fixture(autouse=True)
def company():
    return make_company(phone="+86 371 5370 6735")


@pytest.fixture
def manager(as_user):
    return as_user(make_user("Managers"))


def find(kind):
    problems = find_problems(Company.get_solo(), Contact.objects.all())
    return [problem for problem in problems if problem.kind == kind]


@pytest.mark.parametrize(
    "typed",
    ["+86-371-53706735", "0086 371 53706735", "(86) 371 53706735", "86-371-53706735",
     "86 371 53706735", "(0086)371-53706735", "0371 5370 6735", "+86 (0371) 53706735",
     "+8637153706735"],
)  # fmt: skip
def test_a_number_is_recognized_in_every_spelling_of_the_country_code(typed):
    make_contact(mobile=typed)
    (finding,) = find(FindingKind.NUMBER)
    assert strip_tags(finding.text).startswith(
        f"Write {typed} in international format: +86 371 5370 6735"
    )


@pytest.mark.parametrize(
    "typed", ["+86 371 5370 6735", "+86 17729756864", "+49 30 901820", "+86 371 5370 6735 ext. 6"]
)
def test_an_international_number_can_have_any_grouping(typed):
    make_contact(mobile=typed)
    assert not find(FindingKind.NUMBER)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("+86 371 53", "cannot be dialled"),
        ("+999 12345678", "cannot be dialled"),
        ("12345", "cannot be dialled"),
        ("+86 371 5370 6735 1234", "cannot be dialled"),
        ("+1 200 555 0100", "not in a number range"),
    ],
)
def test_numbers_that_cannot_be_dialled_are_found(typed, text):
    make_contact(fax=typed)
    (finding,) = find(FindingKind.NUMBER)
    assert text in finding.text


def test_a_national_number_without_a_country_cannot_be_parsed():
    assert phone_numbers.guess_number("0371 5370 6735") is None
    assert phone_numbers.guess_number("") is None


def test_duplicates_are_found_in_every_spelling():
    abner = make_contact(
        name="Abner", skype="Kevin.W ", mobile="+86 177 2975 6864", email="a@example.com"
    )
    july = make_contact(
        name="July", skype="kevin.w", phone="0086-17729756864", email="A@example.com"
    )
    make_contact(skype="other", mobile="+86 177 1981 7326", email="c@example.com")
    assert [row.cards for row in find(FindingKind.DUPLICATE)] == [(abner, july)] * 3


def test_the_companys_own_numbers_are_not_duplicates():
    for _ in range(2):
        make_contact(phone="86 371 53706735")
    assert not find(FindingKind.DUPLICATE)


def test_a_number_twice_on_the_same_card_is_not_a_duplicate():
    make_contact(phone="+86 177 2975 6864", mobile="+86 177 2975 6864")
    assert not find(FindingKind.DUPLICATE)


def test_skype_names_are_found_as_discontinued():
    make_contact(skype="july.s")
    (finding,) = find(FindingKind.DISCONTINUED)
    assert "shut down in May 2025" in finding.text
    assert "july.s" in finding.text


def test_contacts_who_would_not_be_notified_of_an_inquiry_are_found():
    make_contact(name="Reachable", email="july@example.com", user=make_user("Sales"))
    make_contact(name="Reachable by the account", user=make_user("Sales"))
    make_contact(name="Inactive", is_active=False)
    without_email = make_contact(name="Without e-mail")
    without_account = make_contact(email="x@example.com", user=make_user("Sales", is_active=False))
    texts = {(row.cards[0].pk, row.text.split(":")[0]) for row in find(FindingKind.UNREACHABLE)}
    assert texts == {
        (without_email.pk, "No e-mail address"),
        (without_email.pk, "No active staff account"),
        (without_account.pk, "No active staff account"),
    }


@pytest.mark.parametrize(
    ("days", "shown"),
    [(None, "never"), (364, "26 November 2025"), (365, "more than a year ago")],
)
def test_a_card_is_due_for_a_check_after_a_year(manager, company, monkeypatch, days, shown):
    monkeypatch.setattr(Company, "today", date(2026, 11, 25))
    day = None if days is None else company.today - timedelta(days=days)
    july = make_contact(checked_on=day)
    assert is_check_due(july, company.today) is (days != 364)
    row = manager.get(CHECK_URL).content.decode().split(f"<bdi>{july}</bdi>")[-1].split("</tr>")[0]
    assert shown in row
    assert ("state-new" in row) is (days != 364)


def test_the_check_links_each_card_to_its_form(manager):
    july = make_contact(name="July <b>", phone="12345")
    page = manager.get(CHECK_URL).content.decode()
    assert f'href="/admin/contacts/contact/{july.pk}/change/"><bdi>July &lt;b&gt;</bdi>' in page
    assert "12345</bdi> cannot be dialled" in page
    assert "<b>" not in page
    assert CHECK_URL in manager.get("/admin/contacts/contact/").content.decode()
    assert CHECK_URL in manager.get("/admin/").content.decode()


def test_marking_a_card_as_checked_records_the_day_and_the_user(manager, company):
    july = make_contact(name="July")
    response = manager.post(f"{CHECK_URL}{july.pk}/", follow=True)
    assert "July: contact details checked for this year." in response.content.decode()
    july.refresh_from_db()
    assert july.checked_on == company.today
    assert not is_check_due(july, company.today)
    assert StaffAction.objects.get().change_message == "Contact details checked."
    manager.post(f"{CHECK_URL}company/")
    assert Company.get_solo().checked_on == company.today


def test_opening_the_check_changes_nothing(manager):
    july = make_contact(checked_on=None)
    manager.get(CHECK_URL)
    assert manager.get(f"{CHECK_URL}{july.pk}/").status_code == 405
    assert manager.post(f"{CHECK_URL}999999/").status_code == 404
    july.refresh_from_db()
    assert july.checked_on is None


@pytest.mark.parametrize("role", ["Sales", "Editors"])
def test_the_check_requires_the_permission_to_change_contacts(as_user, role):
    client, july = as_user(make_user(role)), make_contact()
    assert client.get(CHECK_URL).status_code == 403
    for url in (f"{CHECK_URL}{july.pk}/", f"{CHECK_URL}company/"):
        assert client.post(url).status_code == 403
    assert CHECK_URL not in client.get("/admin/").content.decode()
    july.refresh_from_db()
    assert july.checked_on is None


def test_the_check_is_limited_in_length_and_queries(
    manager, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("contacts.admin.yearly_check.MAX_CONTACTS", 5)
    monkeypatch.setattr("contacts.admin.yearly_check.MAX_FINDINGS", 7)
    for number in range(9):
        make_contact(name=f"Number {number}", skype="same")
    with django_assert_max_num_queries(7):
        page = manager.get(CHECK_URL).content.decode()
    assert "the 5 people with the oldest check date" in page
    assert "more will be shown once these are resolved" in page
    assert "Number 5" not in page
