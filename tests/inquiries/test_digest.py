"""The daily digest of open and overdue inquiries, for contacts and managers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from post_office.models import Email

from contacts.models import Absence, Holiday
from inquiries.emails import inquiry_lists
from inquiries.models import Inquiry, InquirySettings
from inquiries.services import send_digests
from tests.factories import make_company, make_contact, make_inquiry, make_user

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 30, 9, tzinfo=SHANGHAI)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def company(set_clock):
    set_clock(MONDAY)
    make_user("Managers", email="manager@example.com")
    return make_company(time_zone="Asia/Shanghai")


@pytest.fixture
def july():
    return make_contact(name="July", email="july@example.com")


@pytest.fixture
def ask(july):
    """A function that creates an inquiry, assigned to July or unassigned, without its e-mails."""

    def ask(name, due_at=MONDAY + 9 * DAY, contact=july, status="assigned") -> Inquiry:
        inquiry = make_inquiry(name=name, due_at=due_at)
        values = {"reminded_at": MONDAY, "escalated_at": MONDAY, "assigned_to": contact}
        Inquiry.objects.filter(pk=inquiry.pk).update(status=status, **values)
        Email.objects.all().delete()
        return inquiry

    return ask


def run() -> None:
    call_command("run_schedule", verbosity=0)


def digests(address: str = "july@example.com") -> list[Email]:
    return list(Email.objects.filter(to=address, subject__contains=" open inquir"))


def section(mail: Email, title: str) -> str:
    """The text below a heading, up to the next heading."""
    return mail.message.partition(f"{title} (")[2].partition("\n\n\n")[0]


def test_a_contact_gets_their_inquiries_by_urgency(ask, smtp_server):
    late = ask("Late Larry", MONDAY - HOUR)
    late.events.create(kind="message", at=MONDAY - HOUR)
    ask("Ted Today", MONDAY + 3 * HOUR)
    ask("Lea Later")
    ask("Oscar Other", contact=make_contact(email="abner@example.com"))
    run()
    mail = smtp_server.received_by("july@example.com", "3 open inquiries, overdue: 1")
    text = mail.get_body(("plain",)).get_content()
    assert "Good morning, July" in text
    names = ["Overdue (1)", "Larry", "due today (1)", "Ted", "due later (1)", "Lea"]
    positions = [text.index(name) for name in names]
    assert positions == sorted(positions)
    assert "1 hour overdue – July – new message" in " ".join(text.split())
    assert f"http://testserver/admin/inquiries/inquiry/{late.pk}/change/" in text
    assert "Oscar" not in text
    html = mail.get_body(("html",)).get_content().replace("\xa0", " ")
    assert '<strong style="color: #b3261e">1 hour overdue</strong>' in html


def test_managers_get_all_inquiries_and_the_unassigned_ones(ask):
    ask("Lea Later")
    ask("Una Unassigned", contact=None, status="new")
    inactive = make_contact(name="Inactive", is_active=False, email="inactive@example.com")
    ask("Stan Stranded", contact=inactive)
    run()
    [mail] = digests("manager@example.com")
    assert "Lea Later" in mail.message
    assert "Una" in section(mail, "Not assigned yet")
    assert "Stan" in section(mail, "Assignee unavailable")
    assert "Lea" in section(mail, "Reply due later")
    assert mail.message.count("Una Unassigned") == 1, "each inquiry is in one section"
    assert not digests("inactive@example.com")


def test_a_substitute_gets_the_inquiries_of_the_absent_contact(ask, july):
    abner = make_contact(name="Abner", email="abner@example.com")
    days = {"first_day": MONDAY.date(), "last_day": MONDAY.date()}
    Absence.objects.create(contact=july, substitute=abner, **days)
    ask("Lea Later")
    run()
    assert "Lea Later" in digests("abner@example.com")[0].message
    assert not digests()


def test_unanswered_messages_since_the_last_digest_are_marked(ask):
    InquirySettings.objects.update_or_create(defaults={"digest_sent_on": MONDAY.date() - 3 * DAY})
    for name, kinds in {
        "Nora New": [("message", 10)],
        "Rita Read": [("message", 100)],
        "Ann Answered": [("message", 10), ("answered", 9)],
        "Wendy Wrote-again": [("message", 10), ("answered", 9), ("message", 8)],
    }.items():
        inquiry = ask(name)
        for kind, hours in kinds:
            inquiry.events.create(kind=kind, at=MONDAY - hours * HOUR)
    run()
    [mail] = digests()
    messages, others = (section(mail, name) for name in ("New messages", "due later"))
    assert [name for name in ("Nora", "Rita", "Ann", "Wendy") if name in messages] == [
        "Nora", "Wendy",
    ]  # fmt: skip
    assert "Rita" in others
    assert "Ann" in others
    assert mail.message.count("– new message") == 2


def test_nothing_is_sent_without_open_inquiries(ask):
    ask("Lost Lou", status="lost")
    ask("Spam Sam", status="spam")
    run()
    assert not Email.objects.exists()


def test_a_digest_without_overdue_inquiries_mentions_it(ask):
    ask("Ann Answered", status="answered")
    run()
    [mail] = digests()
    assert "No inquiries are overdue" in mail.message


def test_a_long_list_is_cut_short(ask, monkeypatch):
    monkeypatch.setattr(inquiry_lists, "MAX_LISTED", 2)
    for number in range(5):
        ask(f"Buyer {number}", MONDAY - HOUR)
    run()
    [mail] = digests()
    assert mail.message.count("* ") == 2
    assert "and 3 more: http://testserver/admin/inquiries/inquiry/?late=yes" in mail.message


def test_it_is_sent_once_a_day_after_the_company_opens(ask, set_clock):
    ask("Lea Later", MONDAY + 30 * DAY)
    for moment, count in [
        (MONDAY - timedelta(minutes=1), 0),
        (MONDAY, 1),
        (MONDAY + 5 * HOUR, 1),
        (MONDAY + 20 * HOUR, 1),
        (MONDAY + DAY + 12 * HOUR, 2),  # late, as the worker was stopped
        (MONDAY + 5 * DAY, 2),  # a Saturday
    ]:
        set_clock(moment)
        run()
        assert len(digests()) == count, moment


def test_it_is_sent_daily_after_the_clock_was_set_back(ask, set_clock):
    inquiry = ask("Lea Later", MONDAY + 30 * DAY)
    set_clock(MONDAY + 30 * DAY)
    run()
    Email.objects.all().delete()
    set_clock(MONDAY + DAY)
    inquiry.events.create(kind="message", at=MONDAY + HOUR)
    run()
    run()
    [mail] = digests()
    assert "Lea" in section(mail, "New messages")


def test_it_is_not_sent_on_holidays(ask, company):
    days = {"first_day": date(2026, 11, 30), "last_day": date(2026, 11, 30)}
    Holiday.objects.create(company=company, name="Founder's day", **days)
    ask("Lea Later")
    run()
    assert not digests()


def test_it_can_be_switched_off(ask):
    InquirySettings.objects.update_or_create(defaults={"sends_digest": False})
    ask("Lea Later")
    run()
    assert not Email.objects.exists()


def test_a_failure_for_one_recipient_does_not_stop_the_others(ask, monkeypatch):
    bad = make_contact(name="Bad", email="bad@example.com")
    ask("Lea Later")
    ask("Bert", contact=bad)
    send_digest = inquiry_lists.send_digest

    def fail_for_one(to, contact, *more) -> None:
        if contact == bad:
            raise RuntimeError("broken")
        send_digest(to, contact, *more)

    monkeypatch.setattr(inquiry_lists, "send_digest", fail_for_one)
    run()
    assert len(digests()) == 1
    assert len(digests("manager@example.com")) == 1


def test_text_of_the_buyer_is_escaped(ask):
    ask("<b>Bold</b>", MONDAY - HOUR)
    run()
    [mail] = digests()
    assert "<b>Bold</b>" in mail.message
    html = mail.html_message
    assert "&lt;b&gt;Bold&lt;/b&gt;" in html
    assert "<b>Bold</b>" not in html


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_concurrent_processes_send_it_once(ask):
    ask("Lea Later")
    start = Barrier(4)

    def send(_: int) -> None:
        try:
            start.wait()
            send_digests()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(send, range(4)))
    assert len(digests()) == 1
    assert len(digests("manager@example.com")) == 1
