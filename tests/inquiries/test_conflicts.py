"""Two users edit the same inquiry: the second is warned, and no input is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import Q
from post_office.models import Email

from inquiries.admin import InquiryAdmin
from inquiries.models import Inquiry
from inquiries.services import add_message, add_note, answer_inquiry, assign_inquiry, change_status
from tests.factories import make_contact, make_inquiry, make_user
from tests.inquiries.urls import change_url
from tests.news.steps import form_data

pytestmark = pytest.mark.django_db

LIST = "/admin/inquiries/inquiry/"


@pytest.fixture
def managers(as_user):
    names = ("first", "second")
    return [as_user(make_user("Managers", username=name)) for name in names]


@pytest.fixture
def inquiry():
    return make_inquiry()


def save(client, inquiry, form: dict, **changes):
    return client.post(change_url(inquiry), form | changes)


def open_form(client, inquiry) -> dict:
    return form_data(client.get(change_url(inquiry)))


def errors(page) -> dict:
    return page.context["adminform"].form.errors


# The page of an inquiry


def test_the_second_manager_is_warned_and_can_save_again(managers, inquiry, abner, candy):
    first, second = managers
    form = open_form(second, inquiry)
    save(first, inquiry, open_form(first, inquiry), contact=abner.pk)
    page = save(second, inquiry, form, contact=candy.pk, note="She speaks Arabic.")
    error = errors(page)["contact"][0]
    assert "Since you opened this page: first assigned it to Abner. Save again" in error
    assert list(errors(page)) == ["contact"]
    assert "just now" in page.content.decode()
    inquiry.refresh_from_db()
    assert inquiry.assigned_to == abner

    again = form_data(page)
    assert again["contact"] == str(candy.pk)
    assert again["note"] == "She speaks Arabic."
    assert save(second, inquiry, again).status_code == 302
    inquiry.refresh_from_db()
    assert (inquiry.assigned_to, inquiry.status) == (candy, "assigned")
    assert inquiry.events.filter(kind="note").count() == 1


def test_a_note_does_not_undo_what_someone_else_changed(managers, inquiry, abner):
    first, second = managers
    form = open_form(second, inquiry)
    save(first, inquiry, open_form(first, inquiry), contact=abner.pk)
    assert save(second, inquiry, form, note="Called.").status_code == 302
    inquiry.refresh_from_db()
    assert (inquiry.assigned_to, inquiry.status) == (abner, "assigned")
    assert inquiry.events.last().text == "Called."


def test_unchanged_fields_are_updated_after_a_conflict(managers, inquiry, abner, candy):
    first, second = managers
    assign_inquiry(inquiry, candy, by=None)
    form = open_form(second, inquiry)
    save(first, inquiry, open_form(first, inquiry), contact=abner.pk, new_status="quoted")
    page = save(second, inquiry, form, answer="It costs 5.")
    assert list(errors(page)) == ["answer"]
    again = form_data(page)
    assert (again["contact"], again["new_status"]) == (abner.pk, "quoted")
    assert save(second, inquiry, again).status_code == 302
    inquiry.refresh_from_db()
    assert (inquiry.assigned_to, inquiry.status) == (abner, "quoted")


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        (lambda inquiry, by: add_message(inquiry, "And two?"), "the buyer sent a new message"),
        (
            lambda inquiry, by: add_message(inquiry, "And two?", asked_again=True),
            "the buyer sent a follow-up inquiry",
        ),
        (
            lambda inquiry, by: answer_inquiry(inquiry, "It costs 4.", by=by),
            "other replied to the buyer",
        ),
        (
            lambda inquiry, by: change_status(inquiry, "won", by=by),
            "other changed the status to Won",
        ),
    ],
)
@pytest.mark.parametrize(("field", "value"), [("answer", "It costs 5."), ("new_status", "lost")])
def test_relevant_events_cause_a_warning(as_user, candy, inquiry, change, warning, field, value):
    candy.user = make_user("Sales")
    candy.save()
    assign_inquiry(inquiry, candy, by=None)
    client = as_user(candy.user)
    form = open_form(client, inquiry)
    change(Inquiry.objects.get(), make_user("Managers", username="other"))
    page = save(client, inquiry, form, **{field: value})
    assert warning in errors(page)[field][0]
    assert save(client, inquiry, form_data(page)).status_code == 302
    expected = Q(kind="answered", text=value) | Q(kind="status_changed", data__status=value)
    assert inquiry.events.filter(expected).exists()


def test_notes_and_own_changes_are_not_conflicts(managers, inquiry, abner, candy):
    first, second = managers
    form = open_form(second, inquiry)
    save(first, inquiry, open_form(first, inquiry), note="Only a note.")
    assert save(second, inquiry, form, contact=abner.pk).status_code == 302
    assert save(second, inquiry, form, contact=candy.pk).status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.assigned_to == candy


def test_a_further_change_after_the_warning_causes_another_one(managers, inquiry, abner, candy):
    second = managers[1]
    form = open_form(second, inquiry)
    assign_inquiry(inquiry, abner, by=None)
    page = save(second, inquiry, form, contact=candy.pk)
    assert "the system assigned it to Abner" in errors(page)["contact"][0]
    assign_inquiry(inquiry, make_contact(name="July"), by=make_user(username="third"))
    page = save(second, inquiry, form_data(page))
    assert "third assigned it to July" in errors(page)["contact"][0]
    assert "Abner" not in errors(page)["contact"][0]


def test_a_double_click_sends_one_answer(managers, inquiry, abner):
    assign_inquiry(inquiry, abner, by=None)
    form = open_form(managers[0], inquiry)
    for _ in range(2):
        page = save(managers[0], inquiry, form, answer="It costs 5.", note="Sent.")
        assert page.status_code == 302
    assert Email.objects.filter(to="peter@example.com").count() == 1
    assert inquiry.events.filter(kind="note").count() == 1


@pytest.mark.parametrize(
    "snapshot", ["", "x", "1:2", "1:2:nothing", "²:0:new", f"1:{'9' * 30}:new"]
)
def test_an_invalid_snapshot_in_the_form_is_ignored(managers, inquiry, abner, snapshot):
    sent = {"contact": abner.pk, "new_status": "new", "snapshot": snapshot}
    assert managers[0].post(change_url(inquiry), sent).status_code == 302
    inquiry.refresh_from_db()
    assert inquiry.assigned_to == abner


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_managers_who_save_at_once_one_is_warned(managers, inquiry, abner, candy):
    forms = [open_form(client, inquiry) for client in managers]
    contacts = [abner, candy]
    both_are_ready = Barrier(2)

    def save_contact(number: int) -> int:
        try:
            both_are_ready.wait()
            sent = forms[number] | {"contact": contacts[number].pk}
            return managers[number].post(change_url(inquiry), sent).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        codes = list(threads.map(save_contact, range(2)))
    assert sorted(codes) == [200, 302]
    inquiry.refresh_from_db()
    assert inquiry.assigned_to == contacts[codes.index(302)]
    assert inquiry.events.filter(kind="assigned").count() == 1


# The actions of the list


def action_data(client, inquiries, contact, query: str = "", **more) -> dict:
    """The data that a browser sends when it shows the list now and runs the action."""
    page = client.get(LIST + query)
    sent = {"action": "assign", "contact": contact.pk, "snapshot": str(page.context["cl"].snapshot)}
    return sent | {"_selected_action": [inquiry.pk for inquiry in inquiries], **more}


def test_the_action_skips_and_names_what_another_user_has_assigned(managers, abner, candy):
    first, second = managers
    one, other = make_inquiry(), make_inquiry()
    sent = action_data(second, [one, other], candy)
    assert "Snapshot" not in second.get(LIST).content.decode(), "the snapshot is not shown"
    first.post(LIST, action_data(first, [one], abner))
    page = second.post(LIST, sent, follow=True).content.decode()
    assert "1 inquiry assigned to Candy." in page
    assert "1 inquiry was assigned by someone else in the meantime and was not changed" in page
    assert f"{one}: first assigned it to Abner" in page
    assert {i.pk: i.assigned_to for i in Inquiry.objects.all()} == {one.pk: abner, other.pk: candy}
    assert not Email.objects.filter(to="abner@example.com", subject__contains="taken").exists()


def test_the_action_reassigns_what_the_list_showed_as_assigned(managers, inquiry, abner, candy):
    first, second = managers
    first.post(LIST, action_data(first, [inquiry], abner))
    page = second.post(LIST, action_data(second, [inquiry], candy), follow=True)
    assert "1 inquiry assigned to Candy." in page.content.decode()
    sent = action_data(first, [inquiry], abner)
    add_note(inquiry, "A note is no assignment.", by=make_user())
    first.post(LIST, sent)
    inquiry.refresh_from_db()
    assert inquiry.assigned_to == abner


def test_the_action_skips_changed_inquiries_on_other_pages(managers, abner, candy, monkeypatch):
    monkeypatch.setattr(InquiryAdmin, "list_per_page", 1)
    second = managers[1]
    not_shown, shown = make_inquiry(), make_inquiry()
    unchanged = make_inquiry(email="b@example.com")
    assign_inquiry(unchanged, abner, by=None)
    sent = action_data(second, [shown], candy, select_across="1")
    assign_inquiry(Inquiry.objects.get(pk=not_shown.pk), abner, by=None)
    page = second.post(LIST, sent, follow=True).content.decode()
    assert "2 inquiries assigned to Candy." in page
    assert f"{not_shown}: the system assigned it to Abner" in page


@pytest.mark.parametrize("snapshot", ["", "x", "1,2", "1,2:x", "1,2:3:4"])
def test_an_invalid_snapshot_of_the_list_is_ignored(managers, inquiry, abner, snapshot):
    sent = {"action": "assign", "contact": abner.pk, "snapshot": snapshot}
    managers[0].post(LIST, sent | {"_selected_action": [inquiry.pk]})
    inquiry.refresh_from_db()
    assert inquiry.assigned_to == abner


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_managers_who_assign_at_once_none_overwrites_the_other(managers, abner, candy):
    inquiries = [make_inquiry(email=f"{number}@example.com") for number in range(6)]
    contacts = [abner, candy]
    forms = [action_data(managers[n], inquiries, contacts[n]) for n in range(2)]
    both_are_ready = Barrier(2)

    def assign(number: int) -> None:
        try:
            both_are_ready.wait()
            managers[number].post(LIST, forms[number])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(assign, range(2)))
    for inquiry in inquiries:
        assert inquiry.events.filter(kind="assigned").count() == 1, (
            "neither manager overwrites the other"
        )
    assert abner.inquiries.count() + candy.inquiries.count() == 6


def test_a_contact_cannot_assign_with_the_action(as_user, abner):
    abner.user = make_user("Sales")
    abner.save()
    inquiry = make_inquiry()
    assign_inquiry(inquiry, abner, by=None)
    client = as_user(abner.user)
    sent = {
        "action": "assign",
        "contact": make_contact().pk,
        "snapshot": f"0,{inquiry.pk}:{abner.pk}",
    }
    client.post(LIST, sent | {"_selected_action": [inquiry.pk]})
    inquiry.refresh_from_db()
    assert inquiry.assigned_to == abner
