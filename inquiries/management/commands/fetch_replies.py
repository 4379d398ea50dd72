"""`manage.py fetch_replies`: fetches buyers' e-mails once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from inquiries.inbound_mail import mailbox
from inquiries.inbound_mail.imap import CONNECTION_ERRORS


class Command(BaseCommand):
    help = "Fetch buyers' e-mails from IMAP_URL. The worker does this automatically."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IMAP_URL:
            raise CommandError("IMAP_URL is not set.")
        try:
            outcomes = mailbox.fetch_messages(settings.IMAP_URL)
        except CONNECTION_ERRORS as error:
            raise CommandError(f"Could not read the mailbox: {error}") from error
        summary = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
        self.stdout.write(f"Messages: {summary or 'none'}.")
