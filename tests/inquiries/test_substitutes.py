"""Substitutes answer for absent contacts; inquiries stay assigned to the absent contact."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from post_office.models import Email

from contacts.models import Contact
from inquiries.models import Inquiry
from inquiries.services import add_message, answer_inquiry, assign_inquiry, change_status
from tests.factories import make_contact, make_inquiry, make_user
from tests.inquiries.absences import add_absence, end_absence
from tests.inquiries.urls import change_url

pytestmark = pytest.mark.django_db

LIST = "/admin/inquiries/inquiry/"


def make_seller(name: str):
    username = name.lower()
    user = make_user("Sales", username=username)
    return make_contact(name=name, email=f"{username}@example.com", user=user)


@pytest.fixture
def candy():
    return make_seller("Candy")


@pytest.fixture
def abner():
    return make_seller("Abner")


@pytest.fixture
def inquiry(candy):
    inquiry = make_inquiry(name="Maria Muster")
    assign_inquiry(inquiry, candy, by=None)
    Email.objects.all().delete()
    return inquiry


def is_seen_by(client, inquiry) -> bool:
    in_list = inquiry.reference in client.get(LIST).content.decode()
    assert in_list == (client.get(change_url(inquiry)).status_code == 200)
    return in_list


def test_substitute_and_absent_contact_both_see_the_inquiry(as_user, candy, abner, inquiry):
    candy_client, abner_client = as_user(candy.user), as_user(abner.user)
    assert not is_seen_by(abner_client, inquiry)
    add_absence(candy, abner)
    assert is_seen_by(abner_client, inquiry)
    assert is_seen_by(candy_client, inquiry)
    end_absence(candy)
    assert not is_seen_by(abner_client, inquiry)
    assert is_seen_by(candy_client, inquiry)
    assert Inquiry.objects.get().assigned_to == candy


def test_the_substitute_of_an_absent_substitute_sees_it_too(as_user, candy, abner, inquiry):
    july = make_seller("July")
    add_absence(candy, abner)
    add_absence(abner, july)
    assert is_seen_by(as_user(july.user), inquiry)
    assert not is_seen_by(as_user(abner.user), inquiry)


def test_the_substitute_answers_in_their_own_name(as_user, candy, abner, inquiry):
    add_absence(candy, abner)
    sent = {"new_status": "assigned", "answer": "It costs 5."}
    assert as_user(abner.user).post(change_url(inquiry), sent).status_code == 302
    mail = Email.objects.get(to="peter@example.com")
    assert mail.headers["Reply-To"] == "abner@example.com"
    assert "\n-- \nAbner" in mail.message
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.assigned_to) == ("answered", candy)


@pytest.mark.parametrize("role", ["Sales", "Managers"])
def test_others_answer_in_the_name_of_the_assigned_contact(candy, abner, inquiry, role):
    add_absence(candy, abner)
    user = make_user(role)
    make_contact(name="Somebody Else", user=user)
    answer_inquiry(inquiry, "It costs 5.", by=user)
    mail = Email.objects.get(to="peter@example.com")
    assert "\n-- \nCandy" in mail.message


def test_the_substitute_gets_the_emails_of_the_absent_contact(candy, abner, inquiry):
    add_absence(candy, abner)
    add_message(inquiry, "Any news?")
    [mail] = Email.objects.all()
    assert mail.to == ["abner@example.com"]
    another = make_inquiry()
    assign_inquiry(another, Contact.objects.get(name="Candy"), by=None)
    mail = Email.objects.get(subject__contains="has been assigned to you")
    assert mail.to == ["abner@example.com"]
    assert "assigned to Candy. You are the substitute" in mail.message


def test_without_a_substitute_the_managers_get_the_emails(candy, inquiry):
    make_user("Managers", username="manager")
    add_absence(candy)
    add_message(inquiry, "Any news?")
    assert [mail.to for mail in Email.objects.all()] == [["manager@example.com"]]
    another = make_inquiry()
    Email.objects.all().delete()
    assign_inquiry(another, Contact.objects.get(name="Candy"), by=None)
    [mail] = Email.objects.all()
    assert mail.to == ["manager@example.com"]
    assert "no substitute" in mail.message


def test_the_buyer_sees_the_name_of_the_substitute(visitor, candy, abner, inquiry):
    add_absence(candy, abner)
    assert "Abner is handling your inquiry" in visitor.get(inquiry.status_url).content.decode()
    candy.absences.update(substitute=None)
    assert "Candy is handling your inquiry" in visitor.get(inquiry.status_url).content.decode()


def test_the_admin_shows_who_is_absent_and_the_substitute(as_user, candy, abner, inquiry):
    absence = add_absence(candy, abner)
    day = f"{absence.last_day.day} {absence.last_day:%B}"
    words = f"Candy (out of office until {day}, substitute: Abner)"
    manager = as_user(make_user("Managers"))
    for client in (manager, as_user(abner.user)):
        assert words in client.get(LIST).content.decode()
        assert words in client.get(change_url(inquiry)).content.decode()
    candy.absences.update(substitute=None)
    words = f"Candy (out of office until {day}, no substitute)"
    assert words in manager.get(LIST).content.decode()
    candy.is_active = False
    candy.save()
    assert "Candy (inactive, no substitute)" in manager.get(LIST).content.decode()


def test_unattended_inquiries_are_found(as_user, candy, abner, inquiry):
    inactive = make_contact(is_active=False)
    unattended = make_inquiry(name="Left Alone")
    assign_inquiry(unattended, inactive, by=None)
    closed = make_inquiry()
    assign_inquiry(closed, inactive, by=None)
    change_status(closed, "lost", by=None)
    assert set(Inquiry.objects.all().unattended()) == {unattended}
    add_absence(candy, abner)
    assert set(Inquiry.objects.all().unattended()) == {unattended}
    add_absence(abner)
    assert set(Inquiry.objects.all().unattended()) == {unattended, inquiry}
    page = as_user(make_user("Managers")).get(f"{LIST}?open=unattended")
    assert set(page.context["cl"].result_list) == {unattended, inquiry}
    assert "Assignee unavailable" in page.content.decode()
    page = as_user(make_user("Managers")).get(f"{LIST}?open=yes")
    assert closed not in page.context["cl"].result_list


def test_the_number_of_queries_does_not_depend_on_the_absent_contacts(as_user, abner):
    client = as_user(make_user("Managers"))

    def add() -> None:
        contact = make_contact(is_active=False)
        add_absence(contact, abner)
        assign_inquiry(make_inquiry(), contact, by=None)

    add()
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(15):
        add()
    with CaptureQueriesContext(connection) as many:
        response = client.get(LIST)
    assert len(response.context["cl"].result_list) == 16
    assert len(many) == len(one)


def test_the_previous_contact_is_notified_of_a_reassignment(candy, abner, inquiry):
    manager = make_user("Managers", first_name="Mei", last_name="Lin")
    assign_inquiry(inquiry, abner, by=manager)
    mail = Email.objects.get(to="candy@example.com")
    assert f"Abner has taken over inquiry {inquiry.reference}" in mail.subject
    assert "Mei Lin" in mail.message
    assert "What does it cost" not in mail.message, "Candy may not see it any more"


def test_the_previous_substitute_is_notified_of_a_reassignment(candy, abner, inquiry):
    july = make_seller("July")
    add_absence(candy, abner)
    assign_inquiry(inquiry, july, by=None)
    recipients = {mail.to[0] for mail in Email.objects.filter(subject__contains="taken over")}
    assert recipients == {"candy@example.com", "abner@example.com"}


def test_the_user_who_reassigned_it_and_the_new_contact_are_not_notified_again(
    candy, abner, inquiry
):
    add_absence(candy, abner)
    assign_inquiry(inquiry, abner, by=candy.user)
    assert not Email.objects.filter(subject__contains="taken over").exists()


def test_inactive_contacts_are_not_notified(candy, abner, inquiry):
    candy.is_active = False
    candy.save()
    inquiry.refresh_from_db()
    assign_inquiry(inquiry, abner, by=None)
    assert not Email.objects.filter(to="candy@example.com").exists()
