"""The text of an inquiry in which the staff searches, and what a search looks for in it."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

import phonenumbers
from django.db.models import Q

from contacts.models import Company
from core.email_addresses import normalize_email
from core.phone_numbers import guess_number, is_phone_number
from core.text.normalizing import to_ascii_digits, to_plain_characters
from core.text.partial_search import (
    compact_model_numbers,
    contains_any,
    normalize,
    search_parts,
    search_spellings,
)
from core.text.search_query import MAX_TERMS

MAX_SEARCH_TEXT_LENGTH = 100_000  # characters
MIN_PHONE_DIGITS = 4
BATCH_SIZE = 500

REFERENCE = re.compile(r"\b[2-9A-HJ-NP-Z]{8}\b", re.IGNORECASE)
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
# What surrounds an address or a reference where it is copied from.
SURROUNDING = " \t<>[](){}\"'.,;:!?#"
MAILTO = re.compile("^mailto:", re.IGNORECASE)
PHONE_PART = re.compile(r"[-+()./\s0-9]+")
NOT_DIGIT = re.compile("[^0-9]")


def build_search_text(inquiry: Any, references: Iterable[str], texts: Iterable[str]) -> str:
    """Everything by which an inquiry can be found.

    `references` are its former ones, `texts` those of its events.
    """
    phones = [inquiry.phone, *_digits_in_use(inquiry.phone, inquiry.phone_e164)]
    buyer = [inquiry.name, inquiry.email, inquiry.company]
    messages = [normalize(text) for text in (inquiry.message, *texts)]
    parts = [*map(normalize, [inquiry.reference, *references, *buyer, *phones]), *messages]
    parts += map(compact_model_numbers, messages)
    return "\n".join(filter(None, parts))[:MAX_SEARCH_TEXT_LENGTH]


def rebuild_search_texts(inquiries: Any, search_texts: Any) -> int:
    """Build the texts of `inquiries`, a queryset, and return their number.

    `search_texts` is the manager of InquirySearchText.
    """
    count = 0
    rows = inquiries.order_by("pk").prefetch_related("events", "former_references")
    remaining = rows.iterator(BATCH_SIZE)
    while batch := list(islice(remaining, BATCH_SIZE)):
        search_texts.bulk_create(
            [
                search_texts.model(inquiry_id=row.pk, text=build_search_text(row, *_texts_of(row)))
                for row in batch
            ],
            update_conflicts=True,
            unique_fields=["inquiry"],
            update_fields=["text"],
        )
        count += len(batch)
    return count


def _texts_of(inquiry: Any) -> tuple[list[str], list[str]]:
    """The former references and the texts of the events of an inquiry, which are prefetched."""
    references = [former.reference for former in inquiry.former_references.all()]
    return references, [event.text for event in inquiry.events.all()]


def find_references(search: str) -> list[str]:
    """What looks like references in a search, such as the subject of an e-mail."""
    found = REFERENCE.findall(to_plain_characters(search))
    return [reference.upper() for reference in found[:MAX_TERMS]]


def find_email(search: str) -> str:
    """The search as an e-mail address; empty if it is none, or not only one."""
    address = normalize_email(search)
    return address if EMAIL.fullmatch(address) else ""


def search_condition(search: str, field: str) -> Q:
    """The condition that the search text in `field` matches `search`."""
    region = Company.current().phone_region or None
    condition = Q()
    for part in search_parts(search):
        spellings = _spellings(part.text, region)
        matches = contains_any(field, spellings) if any(spellings) else Q()
        condition &= ~matches if part.is_excluded else matches
    if is_phone_number(search) and (digits := _phone_digits(search, region)):
        condition |= Q(**{f"{field}__contains": digits})
    return condition


def _spellings(part: str, region: str | None) -> set[str]:
    """The spellings of a word or phrase, as an e-mail address or phone number as well."""
    spellings = search_spellings(part)
    stripped = normalize(MAILTO.sub("", part.strip(SURROUNDING))).strip(SURROUNDING)
    if stripped:
        spellings.add(stripped)
    if PHONE_PART.fullmatch(normalize(part)) and (digits := _phone_digits(part, region)):
        spellings.add(digits)
    return spellings


def _digits_in_use(phone: str, e164: str) -> list[str]:
    """The digits of a phone number as it was typed, and in international and national format."""
    typed = NOT_DIGIT.sub("", to_ascii_digits(phone))
    number = guess_number(e164) if e164 else None
    if number is None:
        return [typed]
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return [typed, e164, NOT_DIGIT.sub("", national)]


def _phone_digits(typed: str, region: str | None) -> str:
    """The digits that every spelling of a phone number has; empty if there are only few."""
    number = guess_number(typed, region)
    if number:
        digits = phonenumbers.national_significant_number(number)
    else:
        digits = NOT_DIGIT.sub("", normalize(typed)).lstrip("0")
    return digits if len(digits) >= MIN_PHONE_DIGITS else ""
