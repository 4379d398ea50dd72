"""Telephone numbers as a machine dials them, and the countries that they and browsers tell of."""

import re

import phonenumbers
from django_countries import countries

REGION = re.compile(r"[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})\b", re.IGNORECASE)


def e164(typed: str, country: str = "") -> str:
    """`+49 (30) 901820` as `+4930901820`; empty for what is no possible number.

    A number without a country's prefix is read as one of `country`.
    """
    try:
        number = phonenumbers.parse(typed, country or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country_of_number(number: str) -> str:
    """The country that a number written as E.164 belongs to; empty where it cannot be told."""
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ""
    return region if region and region in countries else ""


def country_of_browser(accept_language: str) -> str:
    """The country in the first of a browser's languages that names one: `AT` for `de-AT,de`.

    `en-US` names none: it is what browsers all over the world come with.
    """
    accept_language = re.sub(r"\ben-US\b", "", accept_language, flags=re.IGNORECASE)
    found = (match[1].upper() for match in REGION.finditer(accept_language))
    return next((region for region in found if region in countries), "")
