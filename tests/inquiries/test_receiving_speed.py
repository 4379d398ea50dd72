"""What an inquiry costs, and that what each process knows to spare queries is never old."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import Email

from contacts.models import Absence, Contact
from core.page_cache import redis
from inquiries.form_stamp import new_stamp
from inquiries.models import AssignmentRule, Inquiry
from tests.factories import make_contact, make_inquiry, make_product, make_user

# Each change is committed, because a transaction that has changed the rules reads them.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

numbers = count(1)


@pytest.fixture
def july() -> Contact:
    make_user("Managers", email="manager@example.com")
    contact = make_contact(name="July", email="july@example.com")
    AssignmentRule.objects.create(name="Kenya", countries=["KE"], contact=contact)
    return contact


def send(visitor: Client, **fields: object) -> Inquiry:
    data = {
        "stamp": new_stamp(),
        "name": "Peter",
        "email": f"peter{next(numbers)}@example.com",
        "message": "What does it cost?",
        "country": "KE",
    }
    response = visitor.post("/inquiry/", data | fields)
    assert response.status_code == 302
    return Inquiry.objects.latest("pk")


def is_statement(query: dict[str, str | None]) -> bool:
    # Django does not know the SQL of a prepared statement.
    return "page_cache_contentchange" not in (query["sql"] or "")


@pytest.mark.parametrize(("country", "statements"), [("KE", 13), ("FR", 13)])
def test_an_inquiry_takes_few_statements(visitor, july, country, statements):
    for _ in range(20):
        AssignmentRule.objects.create(name="Chile", countries=["CL"], contact=july)
    product = make_product()
    for _ in range(2):  # the first one creates the settings
        send(visitor, product=product.slug, quantity=1, country=country)
    with CaptureQueriesContext(connection) as queries:
        inquiry = send(visitor, product=product.slug, quantity=2, country=country)
    sent = [query["sql"] for query in queries if is_statement(query)][:-1]  # but `send` reads it
    if connection.vendor == "postgresql":
        statements += 1  # locks the buyer's address
    assert len(sent) <= statements, sent
    assert inquiry.assigned_to == (july if country == "KE" else None)
    assert inquiry.acknowledged_at
    assert list(inquiry.events.values_list("kind", flat=True)) == (
        ["received", "assigned"] if country == "KE" else ["received"]
    )
    to = [mail.to for mail in Email.objects.order_by("pk")][-2:]
    staff = "july@example.com" if country == "KE" else "manager@example.com"
    assert to == [[staff], [inquiry.email]]
    acknowledgement = Email.objects.latest("pk")
    assert inquiry.events.first().message_id == acknowledgement.message_id


def deactivate(rule: AssignmentRule) -> None:
    rule.is_active = False
    rule.save()


@pytest.mark.parametrize(
    "change",
    [
        deactivate,
        lambda rule: rule.delete(),
        lambda rule: rule.contact.delete(),
        lambda rule: AssignmentRule.objects.update(is_active=False),
        lambda rule: Contact.objects.update(is_active=False),
        lambda rule: Absence.objects.create(
            contact=rule.contact, first_day=timezone.localdate(), last_day=timezone.localdate()
        ),
    ],
    ids=["saved", "deleted", "cascade", "updated", "inactive", "absent"],
)
def test_a_changed_rule_or_contact_counts_at_once(july, change: Callable[[AssignmentRule], None]):
    rule = AssignmentRule.objects.get()
    other = AssignmentRule.objects.create(name="Chile", countries=["CL"], contact=july)
    assert make_inquiry(country="KE", email="a@example.com").assigned_to == july
    Inquiry.objects.all().delete()  # keeps its contact from being deleted
    other.delete()
    change(rule)
    assert make_inquiry(country="KE", email="b@example.com").assigned_to is None


def test_a_new_rule_counts_at_once(july):
    assert make_inquiry(country="DE", email="a@example.com").assigned_to is None
    AssignmentRule.objects.create(name="Germany", countries=["DE"], contact=july)
    assert make_inquiry(country="DE", email="b@example.com").assigned_to == july


def test_an_absence_begins_and_ends_with_its_days(july, set_clock):
    now, abner = timezone.now(), make_contact()
    today = timezone.localdate()
    Absence.objects.create(
        contact=july, first_day=today + timedelta(days=1), last_day=today + timedelta(days=2),
        substitute=abner,
    )  # fmt: skip
    for days, contact in enumerate([july, abner, abner, july]):
        set_clock(now + timedelta(days=days))
        assert make_inquiry(country="KE", email=f"{days}@example.com").assigned_to == contact


def test_the_same_form_sent_twice_is_counted_once(visitor, settings):
    settings.INQUIRY_RATE = (2, 3600)
    form = {"stamp": new_stamp(), "email": "peter@example.com"}
    for _ in range(4):
        send(visitor, **form)
    assert Inquiry.objects.count() == 1
    assert Email.objects.filter(to="peter@example.com").count() == 1
    send(visitor)
    assert Inquiry.objects.count() == 2


@pytest.mark.skipif(not redis.is_configured(), reason="needs Redis")
def test_limits_take_one_command_each(visitor, monkeypatch):
    commands: list[bytes] = []
    send_command = redis._send

    def record(command: bytes) -> object:
        commands.append(command)
        return send_command(command)

    send(visitor)
    monkeypatch.setattr(redis, "_send", record)
    send(visitor)
    assert sum(b"rate:" in command for command in commands) == 2, "the form and the e-mail"
