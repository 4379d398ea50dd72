"""Telephone numbers as a machine dials them, and the countries that they and browsers tell of."""

import re

import phonenumbers
from django_countries import countries

from contacts import phone_numbers

REGION = re.compile(r"[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})\b", re.IGNORECASE)


def e164(typed: str, country: str = "") -> str:
    """`+49 (30) 901820` as `+4930901820`; empty for what is no possible number.

    A number without a country's prefix is read as one of `country`.
    """
    number = phone_numbers.parse_number(typed, country or None)
    if number is None or not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country_of_number(number: str) -> str:
    """The country that a number written as E.164 belongs to; empty where it cannot be told."""
    region = phone_numbers.region_of(number)
    return region if region and region in countries else ""


def country_of_browser(accept_language: str) -> str:
    """The country in the first of a browser's languages that names one: `AT` for `de-AT,de`.

    `en-US` names none: it is what browsers all over the world come with.
    """
    accept_language = re.sub(r"\ben-US\b", "", accept_language, flags=re.IGNORECASE)
    found = (match[1].upper() for match in REGION.finditer(accept_language))
    return next((region for region in found if region in countries), "")
