"""E-mails to the staff that no mail server accepts are reported to the managers."""

from datetime import timedelta

import pytest
from django.utils import timezone
from post_office.models import STATUS, Email

from accounts.emails import notify_new_recovery_codes
from core.mail.outbox import send_again
from inquiries import schedule
from inquiries.services import answer_inquiry, assign_inquiry
from inquiries.services.staff_emails import MARGIN, MAX_AGE
from tests.factories import make_contact, make_inquiry, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return make_user("Managers", username="boss")


def fail(*emails: Email, reason: str = "550 No such mailbox", ago: timedelta = 2 * MARGIN) -> None:
    for email in emails:
        email.logs.create(status=STATUS.failed, message=reason, exception_type="x")
        Email.objects.filter(pk=email.pk).update(
            status=STATUS.failed, last_updated=timezone.now() - ago
        )


def assign(email: str) -> Email:
    """The e-mail that tells a contact with this address of an inquiry."""
    assign_inquiry(make_inquiry(), make_contact(email=email), by=None)
    return Email.objects.filter(to=email).latest("pk")


def run() -> list[Email]:
    """The e-mails that the next run queues."""
    known = list(Email.objects.values_list("pk", flat=True))
    schedule.report_failed_emails()
    return list(Email.objects.exclude(pk__in=known).order_by("pk"))


def test_those_of_one_run_are_reported_together_and_once(boss):
    fail(assign("july@example.com"), assign("candy@example.com"))
    [notice] = run()
    assert notice.to == ["boss@example.com"]
    assert notice.subject == "2 e-mails to the staff could not be delivered"
    for address in ("july@example.com", "candy@example.com"):
        assert f"{address} · Inquiry" in notice.message
    assert "550 No such mailbox" in notice.message
    assert run() == []


def test_only_other_managers_are_told(boss):
    other = make_user("Managers", username="other")
    notify_new_recovery_codes(boss)
    fail(Email.objects.latest("pk"))
    [notice] = run()
    assert notice.to == [other.email]


def test_a_notice_that_fails_is_not_reported(boss):
    make_user("Managers", username="other")
    fail(assign("july@example.com"))
    first, _second = run()
    fail(first, ago=MARGIN)
    assert run() == []


def test_an_email_to_a_buyer_is_none_to_the_staff(boss):
    assign_inquiry(inquiry := make_inquiry(), contact := make_contact(user=boss), by=None)
    Email.objects.all().delete()
    answer_inquiry(inquiry, "It costs 5.", by=contact.user)
    fail(Email.objects.get())
    inquiry.events.update(message_id="")  # as in an erased inquiry
    assert run() == []


def test_one_that_fails_again_is_reported_again(boss):
    fail(email := assign("july@example.com"))
    assert len(run()) == 1
    send_again(email.pk, by=boss)
    fail(email, ago=MARGIN)
    assert len(run()) == 1


def test_old_failures_are_not_reported_and_many_are_counted(boss):
    fail(assign("old@example.com"), ago=MAX_AGE + MARGIN)
    for number in range(25):
        fail(assign(f"sales{number}@example.com"), reason="550 <b>\nBcc: x@example.com")
    [notice] = run()
    assert "old@example.com" not in notice.message
    assert notice.message.count("550 <b> Bcc: x@example.com") == 20
    assert "and 5 more" in notice.message
