"""Confirming the numbers and e-mail addresses of the company or a contact."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contacts.models import Company, Contact
from core.staff_log.models import StaffAction
from core.staff_log.services import log_action


@transaction.atomic
def mark_checked(card: Company | Contact, *, by: User) -> None:
    """Record that `by` has checked the card today, in the company's time zone."""
    card.checked_on = Company.current().today
    card.save(update_fields=["checked_on"])
    log_action(StaffAction.Kind.CHANGED, card, by=by, message=_("Contact details checked."))
