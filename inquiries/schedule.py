"""Periodic jobs. Each may run on two machines at the same time."""

from django.conf import settings

from core.worker.schedule import every
from inquiries import services
from inquiries.inbound_mail import delivery_failures, mailbox
from inquiries.personal_data import retention


@every(minutes=3)
def fetch_replies() -> None:
    """Fetch buyers' e-mails, if a mailbox is configured."""
    if settings.IMAP_URL:
        mailbox.fetch_messages(settings.IMAP_URL)


@every(minutes=15)
def report_failed_emails() -> None:
    """Report e-mails to buyers that no mail server accepted."""
    delivery_failures.report_failed_emails()


@every(minutes=1)
def send_reminders() -> None:
    """Remind contacts of answers that are due soon, and tell the managers what is overdue.

    Under cron every five minutes are enough.
    """
    services.send_reminders()
    services.escalate_overdue_inquiries()


@every(minutes=5)
def send_digests() -> None:
    """Send the daily overview, in the first run after the company opens."""
    services.send_digests()


@every(hours=1)
def erase_expired_inquiries() -> None:
    """Erase the inquiries whose erasure was announced, unless something happened since."""
    retention.cancel_erasures()
    retention.run_erasures()


@every(hours=6)
def announce_erasures() -> None:
    """Tell the managers which inquiries are erased in two weeks."""
    retention.announce_erasures()
