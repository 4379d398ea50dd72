"""Cells with several lines, each of several parts, as in `Motor power | 75 kW`."""

from typing import Any

from django.utils.translation import gettext as _

MAX_LINES = 100  # per cell
SEPARATOR = " | "

Lines = list[list[str]]


def read_lines(cell: Any, parts: int) -> Lines:
    """The lines of a cell, each split into as many parts; missing parts are empty.

    Raises ValueError for too many lines or parts.
    """
    lines = [line.strip() for line in str(cell or "").splitlines() if line.strip()]
    if len(lines) > MAX_LINES:
        raise ValueError(_("Enter at most %d lines.") % MAX_LINES)
    split = [[part.strip() for part in line.split("|")] for line in lines]
    for line, typed in zip(split, lines, strict=True):
        if len(line) > parts:
            raise ValueError(_("“%(line)s” has more than %(parts)d parts.")
                             % {"line": typed, "parts": parts})  # fmt: skip
        line += [""] * (parts - len(line))
    return split


def write_lines(lines: Lines) -> str:
    """The cell that `read_lines` turns into these lines; empty if all their parts are."""
    if not any(part for line in lines for part in line):
        return ""
    return "\n".join(SEPARATOR.join(line).strip() for line in lines)
