"""Parsing and comparing phone numbers, written as in ITU-T E.123: `+86 371 5370 6735`."""

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

EXTENSION = re.compile(r" ?(ext|x)\.? ?[0-9]+$", re.IGNORECASE)


def guess_number(typed: str, region: str | None = None) -> PhoneNumber | None:
    """The number that was probably meant; None if it has no country code and no `region`.

    `region` is the ISO 3166 code for numbers without a country code. The country code may be
    written as `+86`, `0086`, `(86)` or `86-`.
    """
    bare = typed.strip()
    international = "+" + re.sub(r"^[+(\s]*(00)?", "", bare)
    if bare.startswith("+") or re.match(r"\(?00", bare):
        return parse_number(international)
    national = parse_number(bare, region) if region else None
    if national and phonenumbers.is_valid_number(national):
        return national
    guessed = parse_number(international)
    return guessed if guessed and phonenumbers.is_valid_number(guessed) else national


def is_complete(number: PhoneNumber) -> bool:
    """Whether it has as many digits as its country requires for a call from abroad."""
    reason = phonenumbers.is_possible_number_with_reason(number)
    return reason == phonenumbers.ValidationResult.IS_POSSIBLE


def format_number(number: PhoneNumber) -> str:
    """The number in E.123 notation, in the groups that its country uses."""
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def comparison_key(number: PhoneNumber) -> str:
    """A string that is equal for all spellings of a number, including its extension."""
    extension = f";ext={number.extension}" if number.extension else ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) + extension


def is_international(typed: str, number: PhoneNumber) -> bool:
    """Whether `typed` is a plus, the country code, a space, and digits in any groups."""
    main = EXTENSION.sub("", typed.strip())
    digits = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return (
        main.startswith(f"+{number.country_code} ")
        and main.replace(" ", "") == digits
        and "  " not in main
    )


def region_of(typed: str) -> str | None:
    """The ISO 3166 code of the country of an international number, if it is known."""
    number = parse_number(typed)
    return phonenumbers.region_code_for_number(number) if number else None


def parse_number(typed: str, region: str | None = None) -> PhoneNumber | None:
    """The number that was typed, by the rules of `region` (ISO 3166); None if it is none."""
    try:
        return phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return None
