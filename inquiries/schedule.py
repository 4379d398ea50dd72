"""What is done about inquiries from time to time; all of it may be done on two machines at once."""

from django.conf import settings

from core.worker.schedule import every
from inquiries import services
from inquiries.inbound_mail import delivery_failures, mailbox
from inquiries.personal_data import retention


@every(minutes=3)
def fetch_replies() -> None:
    """Fetch what buyers have written by mail, where there is a mailbox."""
    if settings.IMAP_URL:
        mailbox.fetch(settings.IMAP_URL)


@every(minutes=15)
def tell_of_failed_mail() -> None:
    """Tell who answers of mail to buyers that no mail server has taken."""
    delivery_failures.tell_of_all()


@every(minutes=1)
def remind_of_answers() -> None:
    """Remind of answers that are due soon, then tell the managers of what is late.

    A minute late at most; from cron, as late as cron comes: every five minutes are enough.
    """
    services.send_reminders()
    services.escalate_overdue_inquiries()


@every(minutes=5)
def send_digests() -> None:
    """Send the day's overview, the first time this is done once the company has opened."""
    services.send_digests()


@every(hours=1)
def erase_what_is_outlived() -> None:
    """Take back what moved since it was announced, and erase what is due."""
    retention.keep_what_moved()
    retention.carry_out()


@every(hours=6)
def announce_what_is_outlived() -> None:
    """Tell the managers what is erased in a fortnight."""
    retention.announce()
