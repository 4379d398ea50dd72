"""Periodic jobs. Each may run on two machines at the same time."""

from datetime import timedelta

from django.conf import settings

from core.worker.schedule import every
from inquiries import services
from inquiries.inbound_mail import delivery_failures, mailbox
from inquiries.personal_data import retention
from inquiries.statistics import queries


@every(minutes=3)
def fetch_replies() -> None:
    """Fetch buyers' e-mails, if a mailbox is configured."""
    if settings.IMAP_URL:
        mailbox.fetch_messages(settings.IMAP_URL)


@every(seconds=5)
def make_previews() -> None:
    """Make the previews of pictures that were attached since the last run."""
    services.make_previews()


@every(minutes=1, limit=timedelta(hours=1))
def scan_waiting_attachments() -> None:
    """Scan the files that arrived while the virus scanner did not respond."""
    if settings.CLAMAV_URL:
        services.scan_waiting_attachments()


@every(minutes=1)
def acknowledge_waiting_inquiries() -> None:
    """Acknowledge the inquiries that arrived while the site had sent too many e-mails."""
    services.acknowledge_waiting_inquiries()


@every(minutes=5)
def notify_of_further_messages() -> None:
    """Report the messages that were too many to be reported one by one."""
    services.notify_of_further_messages()


@every(minutes=15)
def report_failed_emails() -> None:
    """Report e-mails that no mail server accepted: to buyers in the inquiry, to staff by e-mail."""
    delivery_failures.report_failed_emails()
    services.report_failed_staff_emails()


@every(minutes=1)
def send_reminders() -> None:
    """Remind contacts of replies that are due soon, and notify the managers of overdue inquiries.

    With cron, every five minutes is enough.
    """
    services.send_reminders()
    services.escalate_overdue_inquiries()


@every(minutes=5)
def send_digests() -> None:
    """Send the daily digest in the first run after the company opens."""
    services.send_digests()


@every(hours=1, limit=timedelta(hours=1))
def erase_expired_inquiries() -> None:
    """Erase the inquiries with an announced erasure, unless they had an event since then."""
    retention.cancel_erasures()
    retention.run_erasures()


@every(hours=6)
def announce_erasures() -> None:
    """Notify the managers of the inquiries that will be erased in two weeks."""
    retention.announce_erasures()


@every(minutes=1)
def update_statistics() -> None:
    """Count the inquiries of the days that have changed since the last run."""
    queries.update_statistics()


@every(days=1, limit=timedelta(hours=1))
def recount_statistics() -> None:
    """Count the inquiries of all days, since deleted inquiries leave no event."""
    queries.update_statistics(recount=True)
