"""Cells that a spreadsheet would run, made harmless without losing a letter."""

import re
from typing import Any

# A spreadsheet takes a cell that starts so for a formula. Quotes before it are ours, or were there.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
MADE_HARMLESS = re.compile(r"'+[=+\-@\t\r]")


def harmless(value: Any) -> Any:
    """A cell as it may be opened in a spreadsheet: `=1+1` becomes `'=1+1`."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def original(value: Any) -> Any:
    """What `harmless` was given."""
    return value[1:] if isinstance(value, str) and MADE_HARMLESS.match(value) else value
