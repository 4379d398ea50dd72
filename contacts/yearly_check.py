"""What is to be looked over on the cards once a year. Nothing is changed here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import phonenumbers
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import numbers
from contacts.models import Company, Contact

Card = Company | Contact

COMPANY_NUMBERS = ("phone", "fax", "hotline")
CONTACT_NUMBERS = ("phone", "fax", "mobile")


class Kind(models.TextChoices):
    NUMBER = "number", gettext_lazy("Numbers to write anew")
    TWICE = "twice", gettext_lazy("On more than one card")
    GONE = "gone", gettext_lazy("Channels that no longer exist")
    UNREACHED = "unreached", gettext_lazy("Who would not hear of an inquiry")


@dataclass(frozen=True)
class Finding:
    """What is found on `cards`; `text` is HTML where it quotes them."""

    kind: Kind
    cards: tuple[Card, ...]
    text: str


def findings(company: Company, contacts: Iterable[Contact]) -> list[Finding]:
    """All that is worth a look on these cards, in the order of `Kind`."""
    people = list(contacts)
    cards: list[Card] = [company, *people]
    found = [
        *_numbers(cards, company),
        *_twice(cards, company),
        *(finding for card in cards for finding in _gone(card)),
        *(finding for contact in people for finding in _unreached(contact)),
    ]
    return sorted(found, key=lambda finding: list(Kind).index(finding.kind))


def _typed(card: Card) -> list[str]:
    fields = COMPANY_NUMBERS if isinstance(card, Company) else CONTACT_NUMBERS
    return list(dict.fromkeys(number for name in fields if (number := getattr(card, name))))


def _region(company: Company) -> str | None:
    """The company's country, as one of its own numbers tells."""
    regions = (numbers.region_of(typed) for typed in _typed(company))
    return next((region for region in regions if region), None)


def _numbers(cards: list[Card], company: Company) -> Iterator[Finding]:
    region = _region(company)
    for card in cards:
        for typed in _typed(card):
            if text := _wrong(typed, region):
                yield Finding(Kind.NUMBER, (card,), text)


def _wrong(typed: str, region: str | None) -> str:
    number, shown = numbers.read(typed, region), _as_typed(typed)
    if number is None or not numbers.is_complete(number):
        sentence = _("{number} cannot be dialled from abroad: digits are missing or too many.")
        return format_html(sentence, number=shown)
    if not phonenumbers.is_valid_number(number):
        sentence = _("{number} belongs to no numbers in use. Is a digit wrong?")
        return format_html(sentence, number=shown)
    if not numbers.is_international(typed, number):
        sentence = _("{number} is written {written}, as one dials it from any country.")
        return format_html(sentence, number=shown, written=_as_typed(numbers.written(number)))
    return ""


def _twice(cards: list[Card], company: Company) -> Iterator[Finding]:
    """The same number, e-mail or Skype name on two cards, however it is written.

    The company's own numbers may stand on any card: they are its switchboard and its fax.
    """
    region = _region(company)
    shared = set(_same_numbers(company, region))
    holders: dict[str, list[Card]] = {}
    shown: dict[str, str] = {}
    for card in cards:
        typed = {k: v for k, v in _same_numbers(card, region).items() if k not in shared}
        if card.email:
            typed[f"mailto:{card.email.casefold()}"] = card.email
        if card.skype:
            typed[f"skype:{card.skype.strip().casefold()}"] = card.skype
        for key, value in typed.items():
            holders.setdefault(key, []).append(card)
            shown.setdefault(key, value)
    for key, holding in holders.items():
        if len(holding) > 1:
            sentence = _("{value} stands on each of these cards.")
            text = format_html(sentence, value=_as_typed(shown[key]))
            yield Finding(Kind.TWICE, tuple(holding), text)


def _same_numbers(card: Card, region: str | None) -> dict[str, str]:
    read = ((numbers.read(typed, region), typed) for typed in _typed(card))
    return {numbers.same(number): typed for number, typed in read if number}


def _gone(card: Card) -> Iterator[Finding]:
    if card.skype:
        sentence = _(
            "Skype was shut down in May 2025, so nobody can be reached as {name} any more. "
            "You may want to leave it out, or name another way."
        )
        text = format_html(sentence, name=_as_typed(card.skype))
        yield Finding(Kind.GONE, (card,), text)


def _unreached(contact: Contact) -> Iterator[Finding]:
    if not contact.is_active:
        return
    if not contact.address:
        text = _("No e-mail: nobody tells them of an inquiry that is assigned to them.")
        yield Finding(Kind.UNREACHED, (contact,), text)
    if not (contact.user and contact.user.is_active):
        text = _("No staff account in use: they cannot log in to answer.")
        yield Finding(Kind.UNREACHED, (contact,), text)


def _as_typed(value: str) -> SafeString:
    """A number or an address within a sentence, which may run from the right."""
    return format_html('<bdi dir="ltr">{}</bdi>', value)
