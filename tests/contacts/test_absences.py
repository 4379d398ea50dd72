"""Who is there, and who answers for those who are not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.cards import get_contact_cards
from contacts.models import Absence, Company, Contact
from tests.world import make_company, make_contact, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return make_company().today


@pytest.fixture
def away(today):
    """Sends a contact away, from yesterday to tomorrow unless told otherwise."""

    def send(contact, substitute=None, first=-1, last=1):
        return Absence.objects.create(
            contact=contact,
            substitute=substitute,
            first_day=today + first * DAY,
            last_day=today + last * DAY,
        )

    return send


def test_who_is_away_or_off_the_site_is_answered_for_by_the_end_of_the_chain(away):
    july, abner, candy, gone, lost, one, other = (make_contact() for _ in range(7))
    away(july, abner)
    away(abner, candy)
    Contact.objects.filter(pk=gone.pk).update(is_active=False)
    away(lost, gone)
    away(one, other)
    away(other, one)
    assert Contact.objects.stand_ins() == {
        july.pk: candy.pk,
        abner.pk: candy.pk,
        gone.pk: None,
        lost.pk: None,
        one.pk: None,
        other.pk: None,
    }
    assert list(Contact.objects.available()) == [candy]
    assert july.responsible == abner.responsible == candy.responsible == candy
    assert one.responsible is None


def test_it_takes_two_queries_however_many_are_away(away, django_assert_num_queries):
    last = make_contact()
    for _ in range(9):
        before, last = last, make_contact()
        away(last, before)
    company = Company.get_solo()
    with django_assert_num_queries(2):
        assert len(Contact.objects.stand_ins()) == 9
    with django_assert_num_queries(1):
        assert len(Contact.objects.stand_ins(company)) == 9
    with django_assert_num_queries(2):
        assert len(Contact.objects.available()) == 1


@pytest.mark.parametrize(
    ("first", "last", "is_away"), [(0, 0, True), (-3, -1, False), (1, 3, False), (-3, 0, True)]
)
def test_the_first_and_the_last_day_belong_to_an_absence(away, first, last, is_away):
    july, abner = make_contact(), make_contact()
    away(july, abner, first, last)
    assert Contact.objects.stand_ins() == ({july.pk: abner.pk} if is_away else {})


def test_what_is_theirs_comes_back_by_itself(away):
    july, abner = make_contact(user=make_user("Sales")), make_contact(user=make_user("Sales"))
    assert Contact.objects.answered_by(july.user) == [july.pk]
    absence = away(july, abner)
    assert sorted(Contact.objects.answered_by(abner.user)) == [july.pk, abner.pk]
    assert Contact.objects.answered_by(july.user) == [july.pk]
    Absence.objects.filter(pk=absence.pk).update(last_day=absence.first_day)
    assert Contact.objects.answered_by(abner.user) == [abner.pk]


def test_an_account_that_is_no_contacts_answers_for_nobody(away):
    away(make_contact())
    assert Contact.objects.answered_by(make_user("Managers")) == []


def test_today_is_the_day_where_the_company_is(away, monkeypatch):
    moment = datetime(2026, 11, 25, 20, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    july, day = make_contact(), date(2026, 11, 26)
    Absence.objects.create(contact=july, first_day=day, last_day=day)
    assert july in Contact.objects.available()
    make_company(time_zone="Asia/Shanghai")
    assert july not in Contact.objects.available()


def test_an_absence_has_an_order_a_substitute_and_no_overlap(today, away):
    july, abner = make_contact(), make_contact()
    away(july, abner, 0, 5)

    def check(**fields):
        Absence(**{"contact": july, "first_day": today, "last_day": today} | fields).full_clean()

    with pytest.raises(ValidationError, match="before the first"):
        check(contact=abner, last_day=today - DAY)
    with pytest.raises(ValidationError, match="themselves"):
        check(contact=abner, substitute=abner)
    with pytest.raises(ValidationError, match="overlaps"):
        check(first_day=today + 5 * DAY, last_day=today + 6 * DAY)
    check(first_day=today + 6 * DAY, last_day=today + 7 * DAY)
    check(contact=abner)


def test_a_substitute_who_is_deleted_leaves_the_absence_without_one(away):
    july, abner = make_contact(), make_contact()
    away(july, abner)
    abner.delete()
    assert Contact.objects.stand_ins() == {july.pk: None}


def form_of(contact, rows, kept=0):
    data = {"name": contact.name, "order": 0, "is_active": "on"}
    data |= {"absences-TOTAL_FORMS": len(rows), "absences-INITIAL_FORMS": kept}
    for number, row in enumerate(rows):
        data |= {f"absences-{number}-{name}": value for name, value in row.items()}
    return data


def test_absences_are_kept_on_the_contacts_form(as_user, today):
    july, abner = make_contact(), make_contact()
    client = as_user(make_user("Managers"))
    address = f"/admin/contacts/contact/{july.pk}/change/"
    assert client.get(address).status_code == 200
    rows = [
        {"first_day": today, "last_day": today + 2 * DAY, "substitute": abner.pk},
        {"first_day": today + 2 * DAY, "last_day": today + 4 * DAY},
    ]
    refused = client.post(address, form_of(july, rows))
    assert refused.status_code == 200
    assert "This absence overlaps with another one." in refused.content.decode()
    rows[1]["first_day"] = today + 3 * DAY
    assert client.post(address, form_of(july, rows)).status_code == 302
    assert july.absences.count() == 2

    # Both are moved at once: compared with each other, not with what is stored.
    ids = july.absences.values_list("pk", flat=True)
    rows = [row | {"id": pk} for row, pk in zip(rows, ids, strict=True)]
    rows[0]["last_day"], rows[1]["first_day"] = today + 3 * DAY, today + 4 * DAY
    assert client.post(address, form_of(july, rows, kept=2)).status_code == 302
    assert july.absences.first().last_day == today + 3 * DAY


def test_two_absences_at_once_make_no_second_card(away):
    july, abner = make_contact(), make_contact()
    away(july, None, 0, 3)
    away(july, abner, -1, 5)
    cards = get_contact_cards(Contact.objects.all(), Company.get_solo())
    assert [card.contact for card in cards] == [july, abner]
    assert Contact.objects.stand_ins() == {july.pk: abner.pk}


def test_the_admins_list_tells_who_is_there_in_as_many_queries_for_all(
    as_user, away, django_assert_num_queries
):
    client, abner = as_user(make_user("Managers")), make_contact(name="Abner")
    make_contact(is_active=False)
    with CaptureQueriesContext(connection) as few:
        client.get("/admin/contacts/contact/")
    for _ in range(9):
        away(make_contact(), abner)
    with django_assert_num_queries(len(few)):
        page = client.get("/admin/contacts/contact/").content.decode()
    assert page.count("Abner answers") == 9
