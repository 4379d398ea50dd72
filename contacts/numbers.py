"""Telephone numbers as ITU-T E.123 has them written: `+86 371 5370 6735`."""

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

EXTENSION = re.compile(r" ?(ext|x)\.? ?[0-9]+$", re.IGNORECASE)


def read(typed: str, region: str | None = None) -> PhoneNumber | None:
    """The number that is meant by `typed`; None where it has no country and `region` is unknown.

    `region` is an ISO 3166 code, for numbers without their country. The country's code is known
    in all its spellings: `+86`, `0086`, `(86)`, `86-`.
    """
    bare = typed.strip()
    international = "+" + re.sub(r"^[+(\s]*(00)?", "", bare)
    if bare.startswith("+") or re.match(r"\(?00", bare):
        return parse(international)
    national = parse(bare, region) if region else None
    if national and phonenumbers.is_valid_number(national):
        return national
    guessed = parse(international)
    return guessed if guessed and phonenumbers.is_valid_number(guessed) else national


def is_complete(number: PhoneNumber) -> bool:
    """Whether it has as many digits as its country needs when it is called from abroad."""
    reason = phonenumbers.is_possible_number_with_reason(number)
    return reason == phonenumbers.ValidationResult.IS_POSSIBLE


def written(number: PhoneNumber) -> str:
    """`number` as E.123 has it, in the groups that its country uses."""
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def same(number: PhoneNumber) -> str:
    """What two spellings of one number have in common; an extension tells numbers apart."""
    extension = f";ext={number.extension}" if number.extension else ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) + extension


def is_international(typed: str, number: PhoneNumber) -> bool:
    """Whether `typed` is the plus, the country's code, a space, and digits in any groups."""
    main = EXTENSION.sub("", typed.strip())
    digits = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return (
        main.startswith(f"+{number.country_code} ")
        and main.replace(" ", "") == digits
        and "  " not in main
    )


def region_of(typed: str) -> str | None:
    """The ISO 3166 code of the country that an international number is dialled in, if it tells."""
    number = parse(typed)
    return phonenumbers.region_code_for_number(number) if number else None


def parse(typed: str, region: str | None = None) -> PhoneNumber | None:
    """The number that `typed` is read as in `region` (ISO 3166); None for what is none."""
    try:
        return phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return None
