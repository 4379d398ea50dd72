"""Finds problems in the contact details of the company and its contacts, for the yearly check."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import phonenumbers
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Company, Contact
from core import phone_numbers

Card = Company | Contact

COMPANY_NUMBER_FIELDS = ("phone", "fax", "hotline")
CONTACT_NUMBER_FIELDS = ("phone", "fax", "mobile")
CHECK_INTERVAL = timedelta(days=365)


class FindingKind(models.TextChoices):
    NUMBER = "number", gettext_lazy("Numbers to correct")
    DUPLICATE = "duplicate", gettext_lazy("Used on more than one card")
    DISCONTINUED = "discontinued", gettext_lazy("Discontinued channels")
    UNREACHABLE = "unreachable", gettext_lazy("Contacts who cannot be notified")


@dataclass(frozen=True)
class Finding:
    """Something to correct on `cards`; `text` is HTML if it quotes their fields."""

    kind: FindingKind
    cards: tuple[Card, ...]
    text: str


def is_check_due(card: Card, day: date) -> bool:
    """Whether, on `day`, a year has passed since the last check, or there was none."""
    return card.checked_on is None or day - card.checked_on >= CHECK_INTERVAL


def find_problems(company: Company, contacts: Iterable[Contact]) -> list[Finding]:
    """Everything to correct on these cards, in the order of `FindingKind`."""
    contacts = list(contacts)
    cards: list[Card] = [company, *contacts]
    found = [
        *_find_wrong_numbers(cards, company),
        *_find_duplicates(cards, company),
        *(finding for card in cards for finding in _find_discontinued(card)),
        *(finding for contact in contacts for finding in _find_unreachable(contact)),
    ]
    return sorted(found, key=lambda finding: list(FindingKind).index(finding.kind))


def _typed_numbers(card: Card) -> list[str]:
    fields = COMPANY_NUMBER_FIELDS if isinstance(card, Company) else CONTACT_NUMBER_FIELDS
    return list(dict.fromkeys(number for name in fields if (number := getattr(card, name))))


def _find_wrong_numbers(cards: list[Card], company: Company) -> Iterator[Finding]:
    region = company.phone_region
    for card in cards:
        for typed in _typed_numbers(card):
            if text := _explain_wrong_number(typed, region):
                yield Finding(FindingKind.NUMBER, (card,), text)


def _explain_wrong_number(typed: str, region: str) -> str:
    number, shown = phone_numbers.guess_number(typed, region), _quote(typed)
    if number is None or not phone_numbers.is_complete(number):
        sentence = _("{number} cannot be dialled from abroad: it has too few or too many digits.")
        return format_html(sentence, number=shown)
    if not phonenumbers.is_valid_number(number):
        sentence = _("{number} is not in a number range that is in use. Check it for typos.")
        return format_html(sentence, number=shown)
    if not phone_numbers.is_international(typed, number):
        sentence = _("Write {number} in international format: {written}.")
        return format_html(
            sentence, number=shown, written=_quote(phone_numbers.format_number(number))
        )
    return ""


def _find_duplicates(cards: list[Card], company: Company) -> Iterator[Finding]:
    """The same number, e-mail address or Skype name on two cards, however it is written.

    The company's own numbers may be on any card: they are its switchboard and its fax.
    """
    region = company.phone_region
    shared = set(_numbers_by_key(company, region))
    cards_by_key: dict[str, list[Card]] = {}
    shown: dict[str, str] = {}
    for card in cards:
        typed = {k: v for k, v in _numbers_by_key(card, region).items() if k not in shared}
        if card.email:
            typed[f"mailto:{card.email.casefold()}"] = card.email
        if card.skype:
            typed[f"skype:{card.skype.strip().casefold()}"] = card.skype
        for key, value in typed.items():
            cards_by_key.setdefault(key, []).append(card)
            shown.setdefault(key, value)
    for key, sharing in cards_by_key.items():
        if len(sharing) > 1:
            sentence = _("{value} appears on each of these cards.")
            text = format_html(sentence, value=_quote(shown[key]))
            yield Finding(FindingKind.DUPLICATE, tuple(sharing), text)


def _numbers_by_key(card: Card, region: str) -> dict[str, str]:
    parsed = ((phone_numbers.guess_number(typed, region), typed) for typed in _typed_numbers(card))
    return {phone_numbers.comparison_key(number): typed for number, typed in parsed if number}


def _find_discontinued(card: Card) -> Iterator[Finding]:
    if card.skype:
        sentence = _(
            "Skype was shut down in May 2025, so {name} can no longer be "
            "reached there. Remove it or enter another channel."
        )
        text = format_html(sentence, name=_quote(card.skype))
        yield Finding(FindingKind.DISCONTINUED, (card,), text)


def _find_unreachable(contact: Contact) -> Iterator[Finding]:
    if not contact.is_active:
        return
    if not contact.notification_email:
        text = _("No e-mail address: this contact is not notified of assigned inquiries.")
        yield Finding(FindingKind.UNREACHABLE, (contact,), text)
    if not (contact.user and contact.user.is_active):
        text = _("No active staff account: this contact cannot log in to reply.")
        yield Finding(FindingKind.UNREACHABLE, (contact,), text)


def _quote(value: str) -> SafeString:
    """A number or an e-mail address within a sentence that may be right-to-left."""
    return format_html('<bdi dir="ltr">{}</bdi>', value)
