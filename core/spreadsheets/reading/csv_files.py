"""Reading CSV files, as programs in all countries write them."""

import csv
import re
from codecs import BOM_UTF8, getincrementaldecoder
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO, TextIOWrapper
from itertools import chain, islice
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.spreadsheets.reading.tables import (
    DETECT_ALL,
    MAX_ROWS,
    Reading,
    ReadingOptions,
    Row,
    Sheet,
    make_sheet,
    read_dataset,
    width_of,
)
from core.text.charsets import decode, decode_as

MAX_CELL_LENGTH = 10 * 1024 * 1024  # characters
SAMPLE_ROWS = 200  # to detect the separator
SAMPLE_LENGTH = 200_000  # characters
DECODED_BYTES = 1024 * 1024  # at once
SEPARATORS = ",;\t|"

END_OF_FILE = "\x1a"  # of DOS programs
END = "\0"  # is removed from the text of a file

LINE = re.compile(r"[^\r\n]*+(?:\r\n|[\r\n])|[^\r\n]++")
SEPARATOR_LINE = re.compile(r'"?sep=([^\r\n])"?[;,\t|]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
CHECKED_LENGTH, MAX_CONTROLS = 5_000, 5  # characters

csv.field_size_limit(MAX_CELL_LENGTH)  # the default is shorter than a long article

Source = Callable[[], Iterator[str]]  # reads the lines of a text, from the first one


def read_csv(
    data: bytes, options: ReadingOptions = DETECT_ALL, limit: int = MAX_ROWS
) -> tablib.Dataset:
    """The table in a CSV file, with its Reading as `reading`; formulas are unescaped.

    The character set, the separator and the decimal sign are detected if they are not chosen.
    Raises ValidationError for a file that is no table, TooManyRowsError for more than `limit` rows.
    """
    return read_dataset(open_csv(data, options), options, limit)


def open_csv(data: bytes, options: ReadingOptions = DETECT_ALL) -> Sheet:
    """The table in a CSV file; raises ValidationError, also from its rows, if it is none."""
    reading = Reading()
    if data.startswith(2 * BOM_UTF8):
        data = data.removeprefix(BOM_UTF8)
    if options.charset in ("", "utf-8") and _is_utf_8(data):
        source: Source = partial(_utf_8_lines, data.rstrip(END_OF_FILE.encode()))
        reading.charset = "utf-8"
    else:
        if options.charset:
            text, reading.charset = decode_as(data, options.charset), options.charset
        else:
            text, codec = decode(data)
            reading.charset = _charset(codec)
        text = text.removeprefix("\ufeff").replace("\0", "").rstrip(END_OF_FILE)
        source = partial(_lines, text)
    head = _head(source)
    if len(CONTROL.findall(head, 0, CHECKED_LENGTH)) > MAX_CONTROLS:
        raise ValidationError(_("This file is not a table. Save it as XLSX or CSV."))
    named = SEPARATOR_LINE.match(head)
    if named:
        source = partial(_without_first_line, source)
    elif head.startswith('"') and _is_wrapped(source):
        source = partial(_unwrapped_lines, source)
        head = _head(source)
    reading.separator = options.separator or (named[1] if named else _find_separator(head))
    return make_sheet(_csv_rows(source, reading.separator), reading)


def _charset(codec: str) -> str:
    """The name of the character set that a codec decodes, without its variant."""
    for name in ("utf-16", "utf-8", "big5"):
        if codec.startswith(name):
            return name
    return "big5" if codec == "cp950" else codec


def _is_utf_8(data: bytes) -> bool:
    """Whether it is certain that the file is UTF-8."""
    if b"\0" in data or b"\x1b" in data:  # perhaps UTF-16 or ISO-2022-JP
        return False
    decoder = getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), DECODED_BYTES):
            decoder.decode(data[start : start + DECODED_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _utf_8_lines(data: bytes) -> Iterator[str]:
    """The lines of a file, decoded one by one: a text can take four bytes a character."""
    return TextIOWrapper(BytesIO(data), "utf-8-sig", newline="")


def _lines(text: str) -> Iterator[str]:
    """The lines of a text with their ends; StringIO would copy it with four bytes a character."""
    return (line[0] for line in LINE.finditer(text))


def _without_first_line(source: Source) -> Iterator[str]:
    return islice(source(), 1, None)


def _head(source: Source) -> str:
    """The first SAMPLE_LENGTH characters."""
    lines, length = [], 0
    for line in source():
        lines.append(line)
        length += len(line)
        if length >= SAMPLE_LENGTH:
            break
    return "".join(lines)[:SAMPLE_LENGTH]


def _csv_rows(source: Source, separator: str, *, is_sample: bool = False) -> Iterator[Row]:
    """The rows of a CSV file; line breaks in cells are preserved.

    Raises ValidationError for a quotation mark that is not closed.
    """
    number = 0
    try:
        # END becomes part of the last row if a quotation mark is open there.
        for row in csv.reader(chain(source(), [END]), **_dialect(source, separator)):
            if row == [END]:
                return
            number += 1
            if row and row[-1].endswith(END) and not is_sample:
                message = _("Row %(row)d: a quotation mark is not closed.")
                raise ValidationError(message % {"row": number})
            yield row
    except csv.Error as error:  # a cell is too long
        message = _("Row %(row)d cannot be read. Check its quotation marks.")
        raise ValidationError(message % {"row": number + 1}) from error


def _dialect(source: Source, separator: str) -> dict[str, Any]:
    """The parameters of `csv.reader` for blanks after separators and for `\\"` in cells."""
    headings = next(source(), "")
    count = headings.count(separator)
    is_spaced = separator != "\t" and 0 < count == headings.count(f"{separator} ")
    dialect = {"delimiter": separator, "skipinitialspace": is_spaced}
    is_escaped = any('\\"' in line for line in source()) and not _is_strict(source, dialect)
    escaped = {**dialect, "escapechar": "\\"}
    return escaped if is_escaped and _is_strict(source, escaped) else dialect


def _is_strict(source: Source, dialect: dict[str, Any]) -> bool:
    """Whether nothing follows the closing quotation mark of any cell."""
    try:
        for _row in csv.reader(source(), strict=True, **dialect):
            pass
    except csv.Error:
        return False
    return True


def _is_wrapped(source: Source) -> bool:
    """Whether each row as a whole is in quotation marks, as some programs write it."""
    rows = _whole_rows(source)
    try:
        first = next(rows)
        if len(first) != 1 or not any(mark in first[0] for mark in SEPARATORS):
            return False
        for _row in rows:
            pass
    except csv.Error:
        return False
    return True


def _unwrapped_lines(source: Source) -> Iterator[str]:
    for row in _whole_rows(source):
        yield from _lines((row[0] if row else "") + "\n")


def _whole_rows(source: Source) -> Iterator[list[str]]:
    # A separator that no row contains: in strict mode, only a row in quotation marks is one cell.
    return csv.reader(source(), delimiter="\x1f", strict=True)


def _find_separator(head: str) -> str:
    """The separator that gives the most rows as wide as the headings, and the most columns."""
    best, best_score = ",", (0.0, 0)
    for separator in SEPARATORS:
        sample = _csv_rows(partial(_lines, head), separator, is_sample=True)
        widths = [width_of(row) for row in islice(sample, SAMPLE_ROWS) if any(map(str.strip, row))]
        if not widths or widths[0] < 2:
            continue
        fitting = sum(width <= widths[0] for width in widths[1:])
        cells = sum(width > 1 for width in widths[1:])
        rows_below = max(len(widths) - 1, 1)
        score = ((fitting + cells) / rows_below, widths[0])
        if score > best_score:
            best, best_score = separator, score
    return best
