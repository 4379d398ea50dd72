"""The company and its contacts for the templates of every page."""

from typing import cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from contacts.cards import get_contact_cards
from contacts.models import Company, Contact

MAX_CONTACT_CARDS = 20


def company(request: HttpRequest) -> dict[str, object]:
    """Add `company` and the `contact_cards` of active contacts, each read only if it is used."""
    read_by_middleware: Company | None = getattr(request, "company", None)
    company = read_by_middleware or cast(Company, SimpleLazyObject(Company.get_solo))
    return {
        "company": company,
        "contact_cards": SimpleLazyObject(
            lambda: get_contact_cards(Contact.objects.active(), company, MAX_CONTACT_CARDS)
        ),
    }
