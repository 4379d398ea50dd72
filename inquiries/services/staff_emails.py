"""Reports e-mails to the staff that no mail server accepted."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from post_office.models import Email

from core.mail.outbox import AUTOMATIC, find_failed
from inquiries.emails.failure_notice import send_failure_notice
from inquiries.emails.recipients import manager_emails
from inquiries.models import InquirySettings

MAX_AGE = timedelta(days=7)
MAX_EMAILS = 200  # in one run
MAX_LENGTH = 500  # characters
# A failure is stored a moment after its time is taken.
MARGIN = timedelta(minutes=1)


@transaction.atomic
def report_failed_staff_emails() -> None:
    """Report the e-mails to the staff that failed since the last report, in one e-mail.

    It goes to the managers, except those with a failed e-mail. A notice that fails is not reported.
    """
    now = timezone.now()
    reported = InquirySettings.get_solo().failures_reported_until
    since, until = max(reported or now - MAX_AGE, now - MAX_AGE), now - MARGIN
    failed = find_failed(since).filter(headers=AUTOMATIC, last_updated__lte=until)
    emails = list(failed[:MAX_EMAILS])
    if not emails:
        return
    # Two processes may run this at the same time.
    unreported = InquirySettings.objects.filter(failures_reported_until=reported)
    if unreported.update(failures_reported_until=until):
        unreachable = {address.casefold() for email in emails for address in email.to}
        to = [email for email in manager_emails() if email.casefold() not in unreachable]
        send_failure_notice(to, [_describe(email) for email in emails])


def _describe(email: Email) -> str:
    """Recipient, subject and reason on one line."""
    text = f"{', '.join(email.to)} · {email.subject} · {email.reason or ''}"
    return " ".join(text.split())[:MAX_LENGTH]
