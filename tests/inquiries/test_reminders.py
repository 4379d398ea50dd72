"""Reminders of replies that are due, and notices of overdue ones; each is sent once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from post_office.models import Email

from contacts.models import Absence
from inquiries.display.events import event_summary
from inquiries.models import Inquiry, InquirySettings
from inquiries.services import add_message, answer_inquiry, assign_inquiry, reminders
from tests.factories import make_company, make_contact, make_inquiry, make_user

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
DUE = datetime(2026, 11, 30, 10, tzinfo=SHANGHAI)  # a Monday
TWO_HOURS_BEFORE = datetime(2026, 11, 27, 16, tzinfo=SHANGHAI)  # an hour on Friday, one on Monday
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def manager():
    make_company(time_zone="Asia/Shanghai")
    InquirySettings.objects.update_or_create(defaults={"sends_digest": False})
    return make_user("Managers", email="manager@example.com")


@pytest.fixture
def july():
    return make_contact(name="July", email="july@example.com")


@pytest.fixture
def ask(july):
    """A function that creates an inquiry, assigned to July or unassigned, without its e-mails."""

    def ask(contact=july, due_at=DUE, **fields) -> Inquiry:
        inquiry = make_inquiry(due_at=due_at, **fields)
        if contact:
            assign_inquiry(inquiry, contact, by=None)
        Email.objects.all().delete()
        return inquiry

    return ask


def run(times=2) -> None:
    for _ in range(times):  # like cron and the worker
        call_command("run_schedule", verbosity=0)


def mail_to(address: str) -> list[Email]:
    mail = Email.objects.filter(to=address)
    return list(mail.filter(subject__regex=r"^Repl(y|ies) due|overdue$"))


def test_the_contact_is_reminded_once_two_working_hours_before_the_deadline(
    set_clock, ask, smtp_server
):
    inquiry = ask()
    set_clock(TWO_HOURS_BEFORE - MINUTE)
    run()
    assert not mail_to("july@example.com")
    set_clock(TWO_HOURS_BEFORE)
    run()
    assert not mail_to("manager@example.com")
    event = inquiry.events.get(kind="reminded")
    assert (event_summary(event), event.at, event.actor) == ("July", TWO_HOURS_BEFORE, None)
    mail = smtp_server.received_by("july@example.com", "in 2 working hours")
    body = mail.get_content()
    assert "Monday, 30 November, 10:00 (Shanghai time, UTC+8)" in body
    assert f"http://testserver/admin/inquiries/inquiry/{inquiry.pk}/change/" in body


def test_zero_reminder_hours_turn_reminders_off(set_clock, ask):
    InquirySettings.objects.update_or_create(defaults={"reminder_hours": 0})
    inquiry = ask()
    set_clock(DUE)
    run()
    assert not inquiry.events.filter(kind="reminded").exists()


@pytest.mark.parametrize(
    ("reply_hours", "reminder_hours", "is_valid"), [(8, 7, True), (2, 2, False), (1, 0, True)]
)
def test_the_reminder_time_must_be_shorter_than_the_reply_time(
    as_user, reply_hours, reminder_hours, is_valid
):
    boss = as_user(make_user(is_superuser=True))
    data = {"reply_hours": reply_hours, "reminder_hours": reminder_hours}
    page = boss.post("/admin/inquiries/inquirysettings/", data)
    assert page.status_code == (302 if is_valid else 200)
    assert is_valid or "would arrive together with the inquiry" in page.content.decode()


@pytest.mark.parametrize("status", ["answered", "quoted", "won", "lost", "spam"])
def test_inquiries_that_do_not_await_a_reply_cause_no_reminder(set_clock, ask, status):
    ask()
    Inquiry.objects.update(status=status)
    set_clock(DUE + MINUTE)
    run()
    assert not mail_to("july@example.com")
    assert not mail_to("manager@example.com")


def test_the_managers_are_notified_once_of_an_overdue_inquiry(set_clock, ask):
    make_user("Managers", email="other@example.com")
    inquiry = ask()
    set_clock(DUE)
    run()
    assert not mail_to("manager@example.com"), "it is not overdue yet"
    set_clock(DUE + MINUTE)
    run()
    [mail] = mail_to("manager@example.com")
    assert inquiry.reference in mail.subject
    assert "July" in mail.message
    assert len(mail_to("other@example.com")) == 1
    assert len(mail_to("july@example.com")) == 1
    assert inquiry.events.filter(kind="escalated").count() == 1
    inquiry.refresh_from_db()
    assert inquiry.escalated_at == DUE + MINUTE


def test_many_overdue_inquiries_are_in_one_short_email(set_clock, ask, july):
    pks = [ask(name=f"Buyer {number}").pk for number in range(25)]
    set_clock(DUE + MINUTE)
    run()
    for address in ("manager@example.com", "july@example.com"):
        [mail] = mail_to(address)
        assert "25 inquiries" in mail.subject
        assert mail.message.count("* ") == 20
        assert "and 5 more: http://testserver/admin/inquiries/inquiry/?late=" in mail.message
    assert Inquiry.objects.filter(pk__in=pks, escalated_at=None).count() == 0


def test_each_run_handles_a_limited_number_of_inquiries(set_clock, ask, monkeypatch):
    monkeypatch.setattr(reminders, "BATCH_SIZE", 2)
    for _ in range(3):
        ask()
    set_clock(DUE + MINUTE)
    run(times=1)
    assert Inquiry.objects.filter(escalated_at=None).count() == 1
    run(times=1)
    assert Inquiry.objects.filter(escalated_at=None).count() == 0


def test_the_managers_are_reminded_of_unassigned_inquiries(set_clock, ask, as_user, manager):
    inquiry = ask(contact=None)
    set_clock(TWO_HOURS_BEFORE)
    run()
    [mail] = mail_to("manager@example.com")
    assert "Please assign the inquiry" in mail.message
    assert event_summary(inquiry.events.get(kind="reminded")) == "the managers"
    page = as_user(manager).get(f"/admin/inquiries/inquiry/{inquiry.pk}/change/")
    assert "the managers" in page.content.decode()


@pytest.mark.parametrize("substitute", [True, False])
def test_the_substitute_or_else_the_managers_are_reminded_for_an_absent_contact(
    set_clock, ask, july, substitute
):
    abner = make_contact(name="Abner", email="abner@example.com") if substitute else None
    days = {"first_day": date(2026, 11, 27), "last_day": date(2026, 11, 30)}
    Absence.objects.create(contact=july, substitute=abner, **days)
    inquiry = ask()
    set_clock(TWO_HOURS_BEFORE)
    run()
    recipient = "abner@example.com" if substitute else "manager@example.com"
    assert inquiry.reference in mail_to(recipient)[0].message
    assert not mail_to("july@example.com")


def test_a_failure_for_one_contact_does_not_stop_the_others(set_clock, ask, july, monkeypatch):
    bad = make_contact(name="Bad", email="bad@example.com")
    failing, fine = ask(contact=bad), ask()
    send_reminder = reminders.inquiry_lists.send_reminder

    def fail_for_one(to, contact, inquiries) -> None:
        if contact == bad:
            raise RuntimeError("broken")
        send_reminder(to, contact, inquiries)

    monkeypatch.setattr(reminders.inquiry_lists, "send_reminder", fail_for_one)
    set_clock(TWO_HOURS_BEFORE)
    run()
    assert len(mail_to("july@example.com")) == 1
    assert fine.events.filter(kind="reminded").exists()
    assert not failing.events.filter(kind="reminded").exists(), "so that it is sent again"
    monkeypatch.setattr(reminders.inquiry_lists, "send_reminder", send_reminder)
    run()
    assert len(mail_to("bad@example.com")) == 1


def test_an_invalid_email_address_does_not_stop_the_other_managers(set_clock, ask):
    make_user("Managers", email="no address")
    ask()
    set_clock(DUE + MINUTE)
    run()
    assert len(mail_to("manager@example.com")) == 1


def test_without_any_recipient_no_event_is_recorded(set_clock, ask, manager):
    manager.delete()
    inquiry = ask(contact=None)
    set_clock(DUE + MINUTE)
    run()
    assert not inquiry.events.filter(kind__in=["reminded", "escalated"]).exists()


def test_a_new_deadline_causes_a_new_reminder(set_clock, ask, july):
    inquiry = ask()
    set_clock(TWO_HOURS_BEFORE)
    run()
    july.user = make_user("Sales")
    answer_inquiry(inquiry, "It costs 5.", by=july.user)
    add_message(inquiry, "And with a motor?")
    set_clock(DUE + timedelta(days=3))
    run()
    assert len(mail_to("july@example.com")) == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_concurrent_processes_send_it_once(set_clock, ask):
    inquiries = [ask().pk for _ in range(20)]
    set_clock(DUE + MINUTE)
    start = Barrier(4)

    def send(_: int) -> None:
        try:
            start.wait()
            reminders.send_reminders()
            reminders.escalate_overdue_inquiries()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(send, range(4)))
    for address in ("july@example.com", "manager@example.com"):
        assert sum(mail.message.count("* ") for mail in mail_to(address)) == len(inquiries)
    for inquiry in Inquiry.objects.all():
        assert inquiry.events.filter(kind="reminded").count() == 1
        assert inquiry.events.filter(kind="escalated").count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks no rows")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_locked_inquiries_are_skipped(set_clock, ask):
    inquiry, other = ask(), ask()
    set_clock(DUE + MINUTE)

    def escalate() -> None:
        try:
            reminders.escalate_overdue_inquiries()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads, transaction.atomic():
        Inquiry.objects.select_for_update().get(pk=inquiry.pk)
        threads.submit(escalate).result(timeout=10)
    assert not inquiry.events.filter(kind="escalated").exists()
    assert other.events.filter(kind="escalated").exists()
