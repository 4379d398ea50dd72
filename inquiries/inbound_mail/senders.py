"""Tells buyers' e-mail addresses from those of the company."""

from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth import get_user_model

from contacts.models import Company, Contact


def own_email() -> str:
    """The sender of the site's e-mails."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def inquiry_emails() -> set[str]:
    """The addresses to which buyers write: the one for replies, and the company's on the site."""
    return {settings.REPLY_ADDRESS, Company.current().email} - {""}


def is_from_us(email: str) -> bool:
    """Whether the site itself sends its e-mails from this address."""
    return email.casefold() in {own_email().casefold(), settings.REPLY_ADDRESS.casefold()}


def is_from_staff(email: str) -> bool:
    """Whether it is the address of a contact or another staff member."""
    if not email:
        return False
    accounts = get_user_model().objects.filter(is_staff=True, email__iexact=email)
    return Contact.objects.filter(email__iexact=email).exists() or accounts.exists()
