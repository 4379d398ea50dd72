"""Cells of a table that hold several lines, each of several parts: `Motor power | 75 kW`."""

from typing import Any

from django.utils.translation import gettext as _
from import_export.widgets import BooleanWidget, IntegerWidget

MOST_LINES = 100  # in a cell
SEPARATOR = " | "

Lines = list[list[str]]


def read_lines(cell: Any, parts: int) -> Lines:
    """The lines of a cell, each cut into `parts`."""
    lines = [line.strip() for line in str(cell or "").splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise ValueError(_("There are more than %d lines.") % MOST_LINES)
    cut = [[part.strip() for part in line.split("|")] for line in lines]
    for line, typed in zip(cut, lines, strict=True):
        if len(line) > parts:
            raise ValueError(_("“%(line)s” has more than %(parts)d parts.")
                             % {"line": typed, "parts": parts})  # fmt: skip
        line += [""] * (parts - len(line))
    return cut


def write_lines(lines: Lines) -> str:
    """A cell of which `read_lines` makes these lines again; empty where they say nothing."""
    if not any(part for line in lines for part in line):
        return ""
    return "\n".join(SEPARATOR.join(line).strip() for line in lines)


class WholeNumberWidget(IntegerWidget):
    """A whole number of up to nine digits; whatever else stands there is refused, not rounded."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        text = str("" if value is None else value).strip().removesuffix(".0")
        if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise ValueError(_("“%s” is no whole number.") % value)
        return int(text) if text else None


class YesNoWidget(BooleanWidget):
    """`1` or `0`, or what a spreadsheet makes of them; nothing means no."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        text = str("" if value is None else value).strip().lower().removesuffix(".0")
        if text not in {"1", "true", "yes", "0", "false", "no", ""}:
            raise ValueError(_("“%s” is neither 1 nor 0.") % value)
        return text in {"1", "true", "yes"}
