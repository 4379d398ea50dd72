"""Finding out whether numbers have decimal points or commas."""

import re
from collections import Counter
from typing import Any

DECIMAL_COMMA = re.compile(r"[-+]?(?:\d{1,3}(?:[. '\u00a0\u202f]\d{3})+|\d+),(?:\d{1,2}|\d{4,})")
DECIMAL_POINT = re.compile(r"[-+]?(?:\d{1,3}(?:[, '\u00a0\u202f]\d{3})+|\d+)\.(?:\d{1,2}|\d{4,})")
# A number with its unit, such as "12,50 m".
NUMBER_CELL = re.compile(r"\s*([-+]?\d[\d.,' \u00a0\u202f]*\d)\s*[^\W\d_]{0,3}[\u00b2\u00b3%]?\s*")
MAX_NUMBER_LENGTH = 30


class DecimalSigns:
    """Counts the decimal signs of the numbers in a table."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def count(self, row: list[Any]) -> None:
        for cell in row:
            if not isinstance(cell, str) or len(cell) > MAX_NUMBER_LENGTH:
                continue
            if number := NUMBER_CELL.fullmatch(cell):
                self._counts[","] += bool(DECIMAL_COMMA.fullmatch(number[1]))
                self._counts["."] += bool(DECIMAL_POINT.fullmatch(number[1]))

    def likeliest(self, separator: str) -> str:
        """The more frequent sign; without any number, the one that fits the separator."""
        if self._counts[","] != self._counts["."]:
            return "," if self._counts[","] > self._counts["."] else "."
        # Excel separates by semicolons where the comma is the decimal sign.
        return "," if separator == ";" else "."
