"""The e-mails about accounts, one function for each, queued in the transaction of the change."""

from django.contrib.auth.models import User

from accounts.models import Invitation
from contacts.models import Company
from core.accounts import display_name
from core.mail.outbox import queue_email

# Prevents automatic replies (RFC 3834).
AUTOMATIC = {"Auto-Submitted": "auto-generated"}


def send_password_reset_link(user: User, url: str) -> None:
    """Queue the link, in the active language, to the address that is stored with the account."""
    context = {"name": display_name(user), "user": user, "url": url, "company": Company.current()}
    queue_email("accounts/emails/password_reset", context, [user.email], AUTOMATIC)


def send_invitation_link(invitation: Invitation, url: str) -> None:
    """Queue the link to a colleague, in the active language."""
    context = {
        "by": display_name(invitation.invited_by),
        "role": invitation.role,
        "url": url,
        "company": Company.current(),
    }
    queue_email("accounts/emails/invitation", context, [invitation.email], AUTOMATIC)
