"""Absences of contacts, and their substitutes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.cards import get_contact_cards
from contacts.models import Absence, Company, Contact
from tests.factories import make_company, make_contact, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return make_company().today


@pytest.fixture
def make_absence(today):
    """A function that creates an absence, by default from yesterday to tomorrow."""

    def make_absence(contact, substitute=None, first=-1, last=1):
        return Absence.objects.create(
            contact=contact,
            substitute=substitute,
            first_day=today + first * DAY,
            last_day=today + last * DAY,
        )

    return make_absence


def test_the_last_substitute_in_a_chain_answers_for_absent_contacts(make_absence):
    july, abner, candy, inactive, stranded, first, second = (make_contact() for _ in range(7))
    make_absence(july, abner)
    make_absence(abner, candy)
    Contact.objects.filter(pk=inactive.pk).update(is_active=False)
    make_absence(stranded, inactive)
    make_absence(first, second)
    make_absence(second, first)
    assert Contact.objects.get_substitutes() == {
        july.pk: candy.pk,
        abner.pk: candy.pk,
        inactive.pk: None,
        stranded.pk: None,
        first.pk: None,
        second.pk: None,
    }
    assert list(Contact.objects.available()) == [candy]
    assert july.responsible == abner.responsible == candy.responsible == candy
    assert first.responsible is None


def test_finding_substitutes_takes_two_queries(make_absence, django_assert_num_queries):
    last = make_contact()
    for _ in range(9):
        substitute, last = last, make_contact()
        make_absence(last, substitute)
    company = Company.get_solo()
    with django_assert_num_queries(2):
        assert len(Contact.objects.get_substitutes()) == 9
    with django_assert_num_queries(1):
        assert len(Contact.objects.get_substitutes(company)) == 9
    with django_assert_num_queries(2):
        assert len(Contact.objects.available()) == 1


@pytest.mark.parametrize(
    ("first", "last", "is_absent"), [(0, 0, True), (-3, -1, False), (1, 3, False), (-3, 0, True)]
)
def test_an_absence_includes_its_first_and_last_day(make_absence, first, last, is_absent):
    july, abner = make_contact(), make_contact()
    make_absence(july, abner, first, last)
    assert Contact.objects.get_substitutes() == ({july.pk: abner.pk} if is_absent else {})


def test_a_contact_is_responsible_again_when_the_absence_is_over(make_absence):
    july, abner = make_contact(user=make_user("Sales")), make_contact(user=make_user("Sales"))
    assert Contact.objects.ids_answered_by(july.user) == [july.pk]
    absence = make_absence(july, abner)
    assert sorted(Contact.objects.ids_answered_by(abner.user)) == [july.pk, abner.pk]
    assert Contact.objects.ids_answered_by(july.user) == [july.pk]
    Absence.objects.filter(pk=absence.pk).update(last_day=absence.first_day)
    assert Contact.objects.ids_answered_by(abner.user) == [abner.pk]


def test_an_account_without_a_contact_answers_for_no_contact(make_absence):
    make_absence(make_contact())
    assert Contact.objects.ids_answered_by(make_user("Managers")) == []


def test_absences_follow_the_date_in_the_companys_time_zone(make_absence, monkeypatch):
    moment = datetime(2026, 11, 25, 20, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    july, day = make_contact(), date(2026, 11, 26)
    Absence.objects.create(contact=july, first_day=day, last_day=day)
    assert july in Contact.objects.available()
    make_company(time_zone="Asia/Shanghai")
    assert july not in Contact.objects.available()


def test_an_absence_rejects_wrong_dates_self_substitution_and_overlaps(today, make_absence):
    july, abner = make_contact(), make_contact()
    make_absence(july, abner, 0, 5)

    def check(**fields):
        Absence(**{"contact": july, "first_day": today, "last_day": today} | fields).full_clean()

    with pytest.raises(ValidationError, match="before the first"):
        check(contact=abner, last_day=today - DAY)
    with pytest.raises(ValidationError, match="their own substitute"):
        check(contact=abner, substitute=abner)
    with pytest.raises(ValidationError, match="overlaps"):
        check(first_day=today + 5 * DAY, last_day=today + 6 * DAY)
    check(first_day=today + 6 * DAY, last_day=today + 7 * DAY)
    check(contact=abner)


def test_deleting_a_substitute_leaves_the_absence_without_one(make_absence):
    july, abner = make_contact(), make_contact()
    make_absence(july, abner)
    abner.delete()
    assert Contact.objects.get_substitutes() == {july.pk: None}


def make_form_data(contact, rows, initial=0):
    data = {"name": contact.name, "order": 0, "is_active": "on"}
    data |= {"absences-TOTAL_FORMS": len(rows), "absences-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"absences-{number}-{name}": value for name, value in row.items()}
    return data


def test_absences_are_edited_on_the_contact_form(as_user, today):
    july, abner = make_contact(), make_contact()
    client = as_user(make_user("Managers"))
    url = f"/admin/contacts/contact/{july.pk}/change/"
    assert client.get(url).status_code == 200
    rows = [
        {"first_day": today, "last_day": today + 2 * DAY, "substitute": abner.pk},
        {"first_day": today + 2 * DAY, "last_day": today + 4 * DAY},
    ]
    rejected = client.post(url, make_form_data(july, rows))
    assert rejected.status_code == 200
    assert "This absence overlaps with another one." in rejected.content.decode()
    rows[1]["first_day"] = today + 3 * DAY
    assert client.post(url, make_form_data(july, rows)).status_code == 302
    assert july.absences.count() == 2

    # Both change at once, so each is compared with the other's new dates, not the stored ones.
    ids = july.absences.values_list("pk", flat=True)
    rows = [row | {"id": pk} for row, pk in zip(rows, ids, strict=True)]
    rows[0]["last_day"], rows[1]["first_day"] = today + 3 * DAY, today + 4 * DAY
    assert client.post(url, make_form_data(july, rows, initial=2)).status_code == 302
    assert july.absences.first().last_day == today + 3 * DAY


def test_overlapping_absences_do_not_duplicate_a_card(make_absence):
    july, abner = make_contact(), make_contact()
    make_absence(july, None, 0, 3)
    make_absence(july, abner, -1, 5)
    cards = get_contact_cards(Contact.objects.all(), Company.get_solo())
    assert [card.contact for card in cards] == [july, abner]
    assert Contact.objects.get_substitutes() == {july.pk: abner.pk}


def test_the_availability_column_costs_the_same_queries_for_many_absences(
    as_user, make_absence, django_assert_num_queries
):
    client, abner = as_user(make_user("Managers")), make_contact(name="Abner")
    make_contact(is_active=False)
    with CaptureQueriesContext(connection) as few:
        client.get("/admin/contacts/contact/")
    for _ in range(9):
        make_absence(make_contact(), abner)
    with django_assert_num_queries(len(few)):
        page = client.get("/admin/contacts/contact/").content.decode()
    assert page.count("substitute: Abner") == 9
