"""Where the managers read their mail."""

import logging

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from contacts.models import Company
from core.roles import MANAGERS

logger = logging.getLogger(__name__)

MOST_MANAGERS = 50


def manager_addresses() -> list[str]:
    """The managers' addresses; without any, the company's own."""
    managers = get_user_model().objects.filter(is_active=True, groups__name=MANAGERS)
    addresses = managers.exclude(email="").values_list("email", flat=True)[:MOST_MANAGERS]
    to = [address for address in addresses if is_address(address)]
    company = Company.get_solo()
    to = to or ([company.email] if company.email else [])
    if not to:
        logger.warning("Nobody is told of inquiries: no manager has an e-mail address.")
    return to


def is_address(address: str) -> bool:
    """Whether the outbox takes it; an account may hold what no form has looked at."""
    try:
        validate_email(address)
    except ValidationError:
        logger.warning("%r is no e-mail address, and nobody is told there.", address)
        return False
    return True
