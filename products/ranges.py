"""Filtering a list of products by the numbers in their specifications: `min:weight:t=5`.

The parameter names the end, the specification and the unit of the number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import get_language

from products.measurements import parse_measurement
from products.models.specification import MAX_NAME_LENGTH
from products.search_text import comparison_key
from products.units import MAX_SYMBOL_LENGTH, NO_UNIT, Unit, find_unit

MAX_RANGES = 10
MAX_PARAMETER_LENGTH = 420  # characters of its name
MAX_NUMBER_LENGTH = 40  # characters
MAX_SUGGESTIONS = 3
ENDS = ("min", "max")


class NumberKey(NamedTuple):
    """The key of a specification's name, with the base unit of its numbers."""

    name: str
    base: str


@dataclass(frozen=True)
class NumberRange:
    """What the numbers of a specification must reach, in base units, and the unit to show."""

    key: NumberKey
    unit: Unit
    at_least: Decimal | None = None
    at_most: Decimal | None = None

    def parameter(self, end: str) -> str:
        return range_parameter(end, self.key, self.unit)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The ends that are set, as the query string holds them."""
        numbers = zip(ENDS, (self.at_least, self.at_most), strict=True)
        return [
            (self.parameter(end), write_number(self.unit.from_base(number)))
            for end, number in numbers
            if number is not None
        ]

    @property
    def text(self) -> str:
        """The range for a visitor, with signs that need no translation."""
        least, most = (
            None if number is None else show_number(self.unit.from_base(number))
            for number in (self.at_least, self.at_most)
        )
        one_end = f"≥ {least}" if least else f"≤ {most}"
        numbers = f"{least}–{most}" if least and most else one_end
        return f"{numbers} {self.unit.symbol}".strip()

    def includes(self, minimum: Decimal | None, maximum: Decimal | None) -> bool:
        """Whether a number or a range of numbers reaches this one, as in the database."""
        if self.at_least is not None and maximum is not None and maximum < self.at_least:
            return False
        return self.at_most is None or minimum is None or minimum <= self.at_most


def read_ranges(query: QueryDict) -> dict[NumberKey, NumberRange]:
    """The ranges of a query string; invalid ones are ignored."""
    ranges: dict[NumberKey, NumberRange] = {}
    for parameter in query:
        end, _colon, rest = parameter[:MAX_PARAMETER_LENGTH].partition(":")
        name, _colon, symbol = rest.rpartition(":")
        found = read_key(name, symbol)
        if end not in ENDS or found is None:
            continue
        key, unit = found
        number = _read_number(query.get(parameter, ""), unit)
        if number is None or (key not in ranges and len(ranges) >= MAX_RANGES):
            continue
        stored = ranges.get(key) or NumberRange(key, unit)
        ends = (number, stored.at_most) if end == "min" else (stored.at_least, number)
        ranges[key] = NumberRange(key, stored.unit, *ends)
    return ranges


def read_key(name: str, symbol: str) -> tuple[NumberKey, Unit] | None:
    """The specification and the unit in a query string; None for a unit that is not known."""
    key = comparison_key(name, MAX_NAME_LENGTH)
    unit = find_unit(symbol[:MAX_SYMBOL_LENGTH]) if symbol else NO_UNIT
    return (NumberKey(key, unit.base), unit) if key and unit else None


def _read_number(typed: str, unit: Unit) -> Decimal | None:
    """The number that a visitor typed, perhaps with another unit of the same kind."""
    found = parse_measurement(typed[:MAX_NUMBER_LENGTH], language=get_language())
    if found is None or found.minimum is None or found.minimum != found.maximum:
        return None
    if found.unit is NO_UNIT:
        found = found.in_unit(unit).rounded()
    return found.minimum if found and found.unit.base == unit.base else None


def range_parameter(end: str, key: NumberKey, unit: Unit) -> str:
    return f"{end}:{key.name}:{unit.symbol}"


def write_number(number: Decimal) -> str:
    """The number for a query string, such that every language reads it alike."""
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    fraction = text.partition(".")[2]
    return f"{text}0" if len(fraction) == 3 else text  # 1.250 may mean thousands


def show_number(number: Decimal) -> str:
    """The number in the active language, with up to three decimals."""
    rounded = number.quantize(Decimal("0.001"))
    return str(number_format(rounded.normalize() + 0 if rounded else 0, force_grouping=True))


def suggest_numbers(numbers: Iterable[Decimal], unit: Unit) -> list[Decimal]:
    """Round numbers, in base units, of which each leaves fewer of the `numbers` above it."""
    found = sorted(numbers)
    suggested: list[Decimal] = []
    for part in range(1, MAX_SUGGESTIONS + 1):
        quantile = found[len(found) * part // (MAX_SUGGESTIONS + 1)]
        number = unit.to_base(_rounded_down(unit.from_base(quantile)))
        if found[0] < number <= found[-1] and number not in suggested:
            suggested.append(number)
    return suggested


def _rounded_down(number: Decimal) -> Decimal:
    """The number with one digit, or with two if they end with 5: 120 becomes 100, 165 150."""
    if number <= 0:
        return number
    step = Decimal(10) ** number.adjusted()
    halves = number // (step / 2)
    return halves * step / 2
