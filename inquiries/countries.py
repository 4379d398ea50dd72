"""Guesses a visitor's country."""

import re

from django_countries import countries

from core.phone_numbers import region_of

LANGUAGE_WITH_REGION = re.compile(r"[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})\b", re.IGNORECASE)
DEFAULT_LANGUAGE = re.compile(r"\ben-US\b", re.IGNORECASE)


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
