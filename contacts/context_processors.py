"""What every page shows of the company."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from contacts.models import Company, Contact

MOST_CARDS = 20


def company(request: HttpRequest) -> dict[str, object]:
    """`company`, and `contact_cards`: the active contacts. Each is fetched when a page uses it."""
    company = SimpleLazyObject(Company.get_solo)
    return {
        "company": company,
        "contact_cards": SimpleLazyObject(
            lambda: Contact.objects.active().for_cards(company, MOST_CARDS)
        ),
    }
