"""Escaping cells that a spreadsheet would run as formulas."""

import re
from typing import Any

# Spreadsheet programs run a cell that begins like this. Quotes may be from an earlier export.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
ESCAPED = re.compile(r"'+[=+\-@\t\r]")


def escape_formula(value: Any) -> Any:
    """`value` with a quote before a formula: `=1+1` becomes `'=1+1`."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def unescape_formula(value: Any) -> Any:
    """`value` without the quote that `escape_formula` adds."""
    return value[1:] if isinstance(value, str) and ESCAPED.match(value) else value
