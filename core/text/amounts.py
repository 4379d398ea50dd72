"""Numbers as people write them, with the separators of any country."""

import re
from decimal import Decimal

from core.text.normalizing import to_plain_characters

MAX_LENGTH = 60  # characters

APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u2032`\u00b4", "'"))
COMMAS_AND_DOTS = str.maketrans({"\u060c": ",", "\u3001": ",", "\u3002": ".", "\u00b7": "."})
ARABIC_DECIMAL, ARABIC_GROUP = "\u066b", "\u066c"
WITHOUT_CENTS = re.compile(r"([.,])\s?[-\u2010-\u2015=]+$")  # as in 12,- and 12.--
NUMBER = re.compile(
    rf"[0-9]+(?:[ .,'{ARABIC_DECIMAL}{ARABIC_GROUP}][0-9]+)*|[.,{ARABIC_DECIMAL}][0-9]+"
)
SEPARATOR = re.compile("[^0-9]")
THOUSANDS = re.compile(r"[0-9]{1,3}(?:(?P<mark>[^0-9])[0-9]{3})(?:(?P=mark)[0-9]{3})*")
LAKHS = re.compile(r"[0-9]{1,2}(?:(?P<mark>[^0-9])[0-9]{2})(?:(?P=mark)[0-9]{2})*(?P=mark)[0-9]{3}")


def parse_amount(typed: str, decimal_separator: str) -> Decimal | None:
    """The number that was typed; None if `typed` is not exactly one number.

    `decimal_separator`, a dot or a comma, is only used for numbers such as `1,250` that could
    have two meanings.
    """
    if len(typed) > MAX_LENGTH:
        return None
    text = to_plain_characters(typed).translate(APOSTROPHES).translate(COMMAS_AND_DOTS)
    text = WITHOUT_CENTS.sub(r"\g<1>00", text).rstrip(".,").removeprefix("+").strip()
    if not NUMBER.fullmatch(text):
        return None
    mark = _find_decimal_mark(text, decimal_separator)
    whole, _mark, fraction = text.rpartition(mark) if mark else (text, "", "")
    if SEPARATOR.search(whole):
        if not (THOUSANDS.fullmatch(whole) or LAKHS.fullmatch(whole)):
            return None
        whole = SEPARATOR.sub("", whole)
    return Decimal(f"{whole or '0'}.{fraction or '0'}")


def parse_whole_number(typed: str) -> int | None:
    """The whole number that was typed, in any grouping; None for a fraction and anything else.

    Three digits after a dot or a comma are thousands in every language.
    """
    amounts = [parse_amount(typed, decimal_separator) for decimal_separator in ".,"]
    return max(
        (
            int(amount)
            for amount in amounts
            if amount is not None and amount == amount.to_integral_value()
        ),
        default=None,
    )


def _find_decimal_mark(text: str, decimal_separator: str) -> str:
    """The character before the fraction in a number; empty if it has no fraction."""
    marks = SEPARATOR.findall(text)
    last = marks[-1] if marks else ""
    if not marks or last in (" ", ARABIC_GROUP) or marks.count(last) > 1:
        return ""
    if last == ARABIC_DECIMAL:
        return last
    if len(marks) > 1:
        return "" if last == "'" else last
    whole, _mark, fraction = text.partition(last)
    if len(fraction) != 3 or len(whole) > 3 or whole in ("", "0"):
        return last
    return last if last == decimal_separator else ""  # an apostrophe groups
