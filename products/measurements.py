"""Values with numbers in technical data: `1,250 kg`, `50-120 t/h`, `max. 500 mm`."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import get_format

from core.text.amounts import parse_amount
from core.text.normalizing import to_plain_characters
from products.units import NO_UNIT, Unit, find_unit

MAX_LENGTH = 100  # characters
DECIMAL_PLACES = 6
MAX_DIGITS = 18
LIMIT = Decimal(10) ** (MAX_DIGITS - DECIMAL_PLACES)
STEP = Decimal(10) ** -DECIMAL_PLACES

DASHES = "\u2010-\u2015\u2212-"  # for a class of characters, at its end
SIGN = f"[+{DASHES}]?"
NUMBER = (
    rf"{SIGN}(?:[0-9]+\s+[0-9]+/[0-9]+|[0-9]+/[0-9]+|"
    r"(?:[0-9]|[.,\u066b](?=[0-9]))"
    r"(?:[0-9]|[.,'\u2019\u066b\u066c](?=[0-9])| (?=[0-9]{3}(?![0-9])))*)"
    r"\s?[万萬]?"
)
UNIT = rf"[^0-9\s~.,{DASHES}](?:[^~]*[^~\s])?"
BETWEEN = (
    rf"\s*[~{DASHES}]\s*|\s*\.\.\.?\s*|\s*[至到]\s*|\s+(?:to|till|bis|до|hasta|إلى|الى|à|a)\s+"
)
SINGLE = re.compile(rf"({NUMBER})\s*({UNIT})?")
RANGE = re.compile(rf"({NUMBER})\s*({UNIT}?)?(?:{BETWEEN})({NUMBER})\s*({UNIT})?")
UNIT_RANGE = re.compile(rf"({NUMBER})\s*({UNIT})(?:{BETWEEN})({NUMBER})\s*({UNIT})?")
NOTE = re.compile(r"(?P<text>.*\S)\s*\((?P<note>[^()]*)\)")
UNIT_OF_NAME = re.compile(r".*(?:[(\[]\s*([^()\[\]]+?)\s*[)\]]|,\s*(\S+))")
POWER_OF_TEN = re.compile("[0-9][⁰¹²³⁴-⁹]")

AT_MOST = re.compile(
    r"(?:<=|=<|≤|⩽|≦|<|max(?:imum|\.)?|up to|at most|under|below|less than|no(?:t)? more than|"
    r"不超过|不大于|小于|低于|最大|最高|最多|حتى|до|не более|макс\.?|máx\.?|hasta|jusqu'à)\s*"
)
AT_LEAST = re.compile(
    r"(?:>=|=>|≥|⩾|≧|>|min(?:imum|\.)?|from|over|above|at least|more than|not less than|"
    r"不小于|不低于|大于|高于|至少|最小|最低|от|не менее|мин\.?|من|mín\.?|desde)\s*"
)
ABOUT = re.compile(r"(?:approx(?:imately|\.)?|about|circa|ca\.?|~|≈|约|大约|около|حوالي)\s*")
OR_LESS = re.compile(r"\s*(?:max(?:imum|\.)?|or less|以下|以内|макс\.?|máx\.?)")
OR_MORE = re.compile(r"\s*(?:\+|or more|and more|and above|以上|起)")


@dataclass(frozen=True)
class Measurement:
    """A number or a range of numbers in `unit`; an end that is None is open."""

    minimum: Decimal | None
    maximum: Decimal | None
    unit: Unit

    def in_unit(self, unit: Unit) -> "Measurement":
        """The same numbers, understood as numbers of this unit, in its base unit."""
        minimum, maximum = (
            None if end is None else unit.to_base(end) for end in (self.minimum, self.maximum)
        )
        return Measurement(minimum, maximum, unit)

    def rounded(self) -> "Measurement | None":
        """The numbers as the database stores them; None if they are too large for it."""
        ends = (self.minimum, self.maximum)
        if any(end is not None and abs(end) >= LIMIT for end in ends):
            return None
        minimum, maximum = (None if end is None else end.quantize(STEP) for end in ends)
        return Measurement(minimum, maximum, self.unit)


def parse_measurement(text: str, name: str = "", language: str | None = None) -> Measurement | None:
    """The number or range that a text is, in base units; None for any other text.

    The unit may also stand at the end of `name`, as in `Weight (kg)`. The `language` of the text
    decides what `1.250` means. Several numbers, such as `600 x 900 mm`, are a text.
    """
    if len(text) > MAX_LENGTH or POWER_OF_TEN.search(text):
        return None
    separator = str(get_format("DECIMAL_SEPARATOR", lang=language, use_l10n=True))
    plain = _to_plain(text)
    found = _parse(plain, separator)
    if found is None and (note := NOTE.fullmatch(plain)):
        found = _parse(note["text"], separator)
        if found and OR_LESS.fullmatch(note["note"].casefold()) and found.maximum is not None:
            found = Measurement(None, found.maximum, found.unit)
    if found is None:
        return None
    if found.unit is NO_UNIT:
        unit = _unit_of_name(name)
        found = found.in_unit(unit)
    return found.rounded()


def _to_plain(text: str) -> str:
    """`text` with plain characters, and with fractions such as `½` after a space."""
    spaced = "".join(
        f" {character}"
        if unicodedata.decomposition(character).startswith("<fraction>")
        else character
        for character in text
    )
    return " ".join(to_plain_characters(spaced).replace("\u2044", "/").split())


def _parse(plain: str, separator: str) -> Measurement | None:
    """The measurement in base units, or without a unit."""
    body, is_most, is_least = plain, False, False
    lower = plain.casefold()
    if len(lower) == len(plain):  # otherwise positions differ
        if match := AT_MOST.match(lower):
            is_most = True
        elif match := AT_LEAST.match(lower):
            is_least = True
        else:
            match = ABOUT.match(lower)
        if match:
            body = plain[match.end() :]
    if not (is_most or is_least):
        body, is_most, is_least = _without_ending(body)
    if found := _parse_range(body, separator):
        return None if is_most else found
    match = SINGLE.fullmatch(body)
    value = _read(match[1], separator) if match else None
    unit = find_unit(match[2]) if match and match[2] else NO_UNIT
    if value is None or unit is None:
        return None
    value = unit.to_base(value)
    return Measurement(None if is_most else value, None if is_least else value, unit)


def _without_ending(body: str) -> tuple[str, bool, bool]:
    """The text without `max` or `or more` at its end, and which of them it had."""
    lower = body.casefold()
    for pattern in (OR_LESS, OR_MORE):
        match = re.search(rf"(?:{pattern.pattern})$", lower)
        if match and len(lower) == len(body) and match.start():
            return body[: match.start()], pattern is OR_LESS, pattern is OR_MORE
    return body, False, False


def _parse_range(body: str, separator: str) -> Measurement | None:
    for pattern in (RANGE, UNIT_RANGE):
        match = pattern.fullmatch(body)
        if match is None:
            continue
        low, low_unit, high, high_unit = match.groups()
        units = [find_unit(unit) for unit in (low_unit, high_unit) if unit]
        if None in units or len({unit.base for unit in units if unit}) > 1:
            continue
        first, last = (units[0], units[-1]) if units else (NO_UNIT, NO_UNIT)
        ends = [_read(low, separator), _read(high, separator)]
        if first is None or last is None or ends[0] is None or ends[1] is None:
            continue
        minimum, maximum = first.to_base(ends[0]), last.to_base(ends[1])
        if minimum <= maximum:
            return Measurement(minimum, maximum, last)
    return None


def _read(typed: str, separator: str) -> Decimal | None:
    """The number that was typed, with a sign, as a fraction or in ten thousands (万)."""
    is_negative = bool(re.match(f"[{DASHES}]", typed))
    typed = re.sub(f"^{SIGN}", "", typed)
    factor = Decimal(10_000) if typed.endswith(("万", "萬")) else Decimal(1)
    typed = typed.rstrip("万萬 ")
    value = _read_fraction(typed) if "/" in typed else parse_amount(typed, separator)
    if value is None:
        return None
    return -value * factor if is_negative else value * factor


def _read_fraction(typed: str) -> Decimal | None:
    """`1 1/2`, if it is a fraction of inches as they are written: `50/60` is two numbers."""
    *whole, fraction = typed.split()
    numerator, denominator = map(int, fraction.split("/"))
    if denominator not in (2, 4, 8, 16, 32, 64) or not 0 < numerator < denominator:
        return None
    return int(whole[0] if whole else 0) + Decimal(numerator) / denominator


def _unit_of_name(name: str) -> Unit:
    match = UNIT_OF_NAME.fullmatch(_to_plain(name[:MAX_LENGTH]))
    return (find_unit(match[1] or match[2]) if match else None) or NO_UNIT
