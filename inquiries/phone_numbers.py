"""Normalizes phone numbers, and guesses a visitor's country."""

import re

import phonenumbers
from django_countries import countries

from contacts.phone_numbers import parse_number, region_of

LANGUAGE_WITH_REGION = re.compile(r"[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})\b", re.IGNORECASE)
DEFAULT_LANGUAGE = re.compile(r"\ben-US\b", re.IGNORECASE)


def to_e164(phone: str, country: str = "") -> str:
    """`+49 (30) 901820` as `+4930901820`; empty if it is not a possible number.

    A number without a country code is taken as a number in `country` (ISO 3166-1 alpha-2).
    """
    number = parse_number(phone, country or None)
    if number is None or not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country_of_number(number: str) -> str:
    """The country of an E.164 number; empty if it is unknown."""
    region = region_of(number)
    return region if region and region in countries else ""


def country_of_browser(accept_language: str) -> str:
    """The country of the first language with a region: `AT` for `de-AT,de`; empty without one.

    `en-US` is ignored, since browsers send it in every country.
    """
    accept_language = DEFAULT_LANGUAGE.sub("", accept_language)
    regions = (match[1].upper() for match in LANGUAGE_WITH_REGION.finditer(accept_language))
    return next((region for region in regions if region in countries), "")
