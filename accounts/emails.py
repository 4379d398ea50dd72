"""The e-mails about accounts, one function for each, queued in the transaction of the change."""

from django.contrib.auth.models import User
from django.urls import reverse

from accounts.models import Invitation
from contacts.models import Company
from core.absolute_urls import absolute_url
from core.accounts import display_name
from core.mail.outbox import AUTOMATIC, queue_email


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


def notify_second_factor_turned_off(user: User, *, by: User) -> None:
    """Tell the owner of an account that it is protected by its password alone."""
    context: dict[str, object] = {
        "by": "" if by == user else display_name(by),
        "url": absolute_url(reverse("second_factor")),
    }
    _notify_owner(user, "second_factor_off", context)


def notify_new_recovery_codes(user: User) -> None:
    """Tell the owner of an account that the earlier recovery codes are no longer valid."""
    _notify_owner(user, "recovery_codes", {})


def _notify_owner(user: User, template: str, context: dict[str, object]) -> None:
    """Queue a notice to the address that is stored with the account, if there is one."""
    if user.email:
        context = context | {"user": user, "company": Company.current()}
        queue_email(f"accounts/emails/{template}", context, [user.email], AUTOMATIC)
