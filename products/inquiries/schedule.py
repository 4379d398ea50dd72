"""What is done about inquiries from time to time."""

from django.conf import settings

from config.schedule import every
from products.inquiries.replies import failures, mailbox


@every(minutes=3)
def fetch_replies() -> None:
    """Fetch what buyers have written by mail, where there is a mailbox."""
    if settings.IMAP_URL:
        mailbox.fetch(settings.IMAP_URL)


@every(minutes=15)
def tell_of_failed_mail() -> None:
    """Tell who answers of mail to buyers that no mail server has taken."""
    failures.tell_of_all()
