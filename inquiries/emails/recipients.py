"""The recipients of e-mails to the staff."""

import logging

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet

from contacts.models import Company, Contact
from core.prepared_queries import prepared
from core.roles import MANAGERS

logger = logging.getLogger(__name__)

MAX_MANAGERS = 50


def manager_emails() -> list[str]:
    """The managers' e-mail addresses; the company's own if no manager has one."""
    to = [email for email in _emails_of_managers() if is_valid_email(email)]
    company = Company.current()
    to = to or ([company.email] if company.email else [])
    if not to:
        logger.warning("No manager and no company e-mail address to notify of inquiries.")
    return to


@prepared()
def _emails_of_managers() -> QuerySet[User, str]:
    managers = User.objects.filter(is_active=True, groups__name=MANAGERS)
    return managers.exclude(email="").values_list("email", flat=True)[:MAX_MANAGERS]


def reachable_contact(contact: Contact | None) -> Contact | None:
    """The contact, or today's substitute of an absent one; None without a valid e-mail address."""
    recipient = contact.responsible if contact else None
    if recipient and recipient.notification_email and is_valid_email(recipient.notification_email):
        return recipient
    return None


def responsible_emails(contact: Contact | None) -> list[str]:
    """The e-mail address of `reachable_contact`, else those of the managers."""
    recipient = reachable_contact(contact)
    return [recipient.notification_email] if recipient else manager_emails()


def is_valid_email(email: str) -> bool:
    """Whether the outbox accepts the address; not every staff account was created in a form."""
    try:
        validate_email(email)
    except ValidationError:
        logger.warning("%r is not a valid e-mail address; nothing is sent to it.", email)
        return False
    return True
