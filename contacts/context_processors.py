"""The company and its contacts for the templates of every page."""

from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from contacts.analytics import find_analytics
from contacts.cards import ContactCard, get_contact_cards
from contacts.models import Company, Contact
from core.replica import main_reads

MAX_CONTACT_CARDS = 20


def _read_contact_cards(company: Company) -> list[ContactCard]:
    with main_reads():  # for parts of pages, which are kept until the next change
        return get_contact_cards(Contact.objects.active(), company, MAX_CONTACT_CARDS)


def company(request: HttpRequest) -> dict[str, object]:
    """Add `company` and the `contact_cards` of active contacts, each read only if it is used.

    `analytics` is the program that counts the visitors of this page, if there is one.

    `minute` is the current one, for parts that are kept until the next one.
    """
    read_by_middleware: Company | None = getattr(request, "company", None)
    company = read_by_middleware or cast(Company, SimpleLazyObject(Company.current))
    return {
        "company": company,
        "analytics": SimpleLazyObject(lambda: find_analytics(request, company)),
        "minute": f"{timezone.now():%Y-%m-%d %H:%M}",
        "contact_cards": SimpleLazyObject(lambda: _read_contact_cards(company)),
    }
