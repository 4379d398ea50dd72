"""Automatic erasure of old inquiries."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from post_office.models import Email

from inquiries.files import prepare_upload
from inquiries.models import Inquiry, InquiryEvent
from inquiries.personal_data import retention
from inquiries.schedule import announce_erasures, erase_expired_inquiries
from inquiries.services import add_note, assign_inquiry, release_inquiry
from tests.factories import make_contact, make_inquiry, make_user
from tests.inquiries.test_attachments import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _retention_periods(settings):
    settings.INQUIRY_RETENTION, settings.SPAM_RETENTION = 365, 30


@pytest.fixture(autouse=True)
def manager():
    return make_user("Managers", username="boss")


def make_old_inquiry(status: str, days: int = 400, **fields) -> Inquiry:
    """An inquiry whose last event was `days` ago."""
    inquiry = make_inquiry(**fields)
    assign_inquiry(inquiry, make_contact(email="july@example.com"), by=None)
    Inquiry.objects.filter(pk=inquiry.pk).update(status=status)
    age(inquiry, days)
    Email.objects.all().delete()
    return inquiry


def age(inquiry: Inquiry, days: int) -> None:
    """Move the dates of an inquiry into the past, as if `days` had passed."""
    period = timedelta(days=days)
    inquiry.refresh_from_db()
    Inquiry.objects.filter(pk=inquiry.pk).update(
        created_at=inquiry.created_at - period,
        erase_on=inquiry.erase_on and inquiry.erase_on - period,
    )
    for event in InquiryEvent.objects.filter(inquiry=inquiry):
        event.at -= period
        event.save(update_fields=["at"])
    inquiry.refresh_from_db()


def run_daily_jobs() -> None:
    erase_expired_inquiries()
    announce_erasures()


def in_two_weeks():
    return timezone.localdate() + timedelta(days=14)


def test_erasure_is_announced_once_and_happens_two_weeks_later(manager):
    won = make_old_inquiry("won", email="a@example.com")
    lost = make_old_inquiry("lost", email="b@example.com")
    for _ in range(2):
        run_daily_jobs()
    [mail] = Email.objects.all()
    assert mail.to == [manager.email]
    assert won.reference in mail.message
    assert lost.reference in mail.message
    assert "2 closed inquiries" in mail.message
    assert "/admin/inquiries/inquiry/?to_be_erased=yes" in mail.message
    assert "@example.com" not in mail.message
    assert set(Inquiry.objects.values_list("erase_on", flat=True)) == {in_two_weeks()}
    age(won, 13)
    run_daily_jobs()
    won.refresh_from_db()
    assert won.name
    age(won, 1)
    run_daily_jobs()
    won.refresh_from_db()
    lost.refresh_from_db()
    assert (won.name, won.erase_on, won.status) == ("", None, "won")
    assert won.events.last().kind == "erased"
    assert lost.name


@pytest.mark.parametrize("status", ["new", "assigned", "answered", "quoted"])
def test_open_inquiries_never_expire(status):
    make_old_inquiry(status, days=5000)
    assert retention.announce_erasures() == 0


def test_recent_inquiries_are_not_announced():
    make_old_inquiry("won", days=364)
    recent = make_old_inquiry("won", days=400, email="b@example.com")
    add_note(recent, "Still on the telephone", by=None)
    make_old_inquiry("spam", days=29, email="c@example.com")
    assert retention.announce_erasures() == 0
    assert not Email.objects.exists()


def test_a_new_event_cancels_the_erasure():
    inquiry = make_old_inquiry("won")
    run_daily_jobs()
    age(inquiry, 5)
    add_note(inquiry, "They have called", by=None)
    run_daily_jobs()
    inquiry.refresh_from_db()
    assert inquiry.erase_on is None
    assert inquiry.name


def test_a_short_retention_does_not_shorten_the_notice_period(settings):
    settings.INQUIRY_RETENTION = 2
    inquiry = make_old_inquiry("lost", days=5)
    run_daily_jobs()
    age(inquiry, 6)
    add_note(inquiry, "They have called", by=None)
    age(inquiry, 9)
    run_daily_jobs()
    inquiry.refresh_from_db()
    assert inquiry.name
    assert inquiry.erase_on == in_two_weeks()


def test_reopening_cancels_the_erasure():
    inquiry = make_old_inquiry("won")
    run_daily_jobs()
    age(inquiry, 14)
    Inquiry.objects.update(status="assigned")
    run_daily_jobs()
    inquiry.refresh_from_db()
    assert (bool(inquiry.name), inquiry.erase_on) == (True, None)


def test_switching_retention_off_cancels_the_erasure(settings):
    inquiry = make_old_inquiry("won")
    run_daily_jobs()
    age(inquiry, 14)
    settings.INQUIRY_RETENTION = 0
    run_daily_jobs()
    inquiry.refresh_from_db()
    assert (bool(inquiry.name), inquiry.erase_on) == (True, None)


def test_zero_retention_keeps_everything(settings):
    settings.INQUIRY_RETENTION = settings.SPAM_RETENTION = 0
    make_old_inquiry("won", days=9000)
    make_old_inquiry("spam", days=9000, email="b@example.com")
    run_daily_jobs()
    assert not Inquiry.objects.filter(erase_on__isnull=False).exists()
    assert not Email.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_spam_is_deleted_with_its_files():
    spam = make_old_inquiry("spam", days=40, files=[prepare_upload(pdf())])
    path = Path(spam.attachments.get().file.path)
    won = make_old_inquiry("won", email="b@example.com")
    run_daily_jobs()
    [mail] = Email.objects.all()
    assert "1 inquiry held as spam" in mail.message
    assert spam.reference not in mail.message
    age(spam, 14)
    run_daily_jobs()
    assert list(Inquiry.objects.all()) == [won]
    assert not path.exists()


def test_releasing_spam_cancels_its_deletion(manager):
    spam = make_old_inquiry("spam", days=40, files=[prepare_upload(pdf())])
    run_daily_jobs()
    age(spam, 14)
    release_inquiry(spam, by=manager)
    run_daily_jobs()
    spam.refresh_from_db()
    assert (spam.status, spam.erase_on) == ("assigned", None)


def test_nothing_is_erased_without_a_manager_to_notify(manager):
    manager.delete()
    inquiry = make_old_inquiry("won")
    run_daily_jobs()
    age(inquiry, 30)
    run_daily_jobs()
    inquiry.refresh_from_db()
    assert inquiry.name


def test_the_notice_lists_only_the_first_inquiries(monkeypatch):
    monkeypatch.setattr("inquiries.emails.erasure_notice.MAX_LISTED", 2)
    for number in range(3):
        make_old_inquiry("lost", email=f"{number}@example.com")
    retention.announce_erasures()
    assert "and 1 more" in Email.objects.get().message


def test_the_list_filters_inquiries_to_be_erased(as_user, manager):
    expired = make_old_inquiry("won")
    recent = make_old_inquiry("won", days=1, email="b@example.com")
    retention.announce_erasures()
    page = as_user(manager).get("/admin/inquiries/inquiry/?to_be_erased=yes").content.decode()
    assert expired.reference in page
    assert f"Erasure on {in_two_weeks().day} {in_two_weeks():%B %Y}" in page
    assert recent.reference not in page
