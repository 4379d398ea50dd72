"""Separates the new text of a reply from the quotation below it.

It only cuts where a quotation is certain in every language: at lines that begin with `>`, and at
introductions that contain the site's e-mail address or the inquiry's reference.
"""

import re
from collections.abc import Collection
from itertools import takewhile

QUOTED_LINE = re.compile(r"\s*>")
# "From: Candy", "*发件人:* Candy": a header that an e-mail program repeats
HEADER_LINE = re.compile(r"\s*\*{0,2}[^\s:：*>][^:：\n]{0,30}[:：]\*{0,2}\s*\S")
# "_____", "-----Original Message-----", "------------------ 原始邮件 ------------------"
SEPARATOR = re.compile(r"\s*(?:[_-]{20,}|-{3,} ?[^\s-][^-]{0,40} ?-{3,})\s*")
COLONS = (":", "：")
MAX_INTRODUCTION_LINES = 3
MIN_HEADER_LINES = 3
HEADER_WINDOW = 9  # lines in which the headers are found, blank ones included
MAX_LINE_LENGTH = 500  # characters; longer lines are not examined
MIN_DATE_DIGITS = 4  # as in 1.1.26


def split_quotation(text: str, own_texts: Collection[str]) -> tuple[str, str]:
    """The new text of a reply and the quotation below it; together they are the whole text.

    `own_texts` identify a quoted e-mail of the site: its address, the inquiry's reference.
    """
    lines = text.splitlines()
    starts = [
        _start_of_marked_quotation(lines),
        _start_of_introduced_quotation(lines, own_texts),
        _start_of_repeated_headers(lines, own_texts),
    ]
    cut = min((start for start in starts if start is not None), default=len(lines))
    new, quotation = "\n".join(lines[:cut]).strip(), "\n".join(lines[cut:]).strip()
    return (new, quotation) if new else (text.strip(), "")


def _start_of_marked_quotation(lines: list[str]) -> int | None:
    """The first line of the final block of lines with `>`, including the sentence above it."""
    start = len(lines)
    while start and (not lines[start - 1].strip() or QUOTED_LINE.match(lines[start - 1])):
        start -= 1
    if not any(QUOTED_LINE.match(line) for line in lines[start:]):
        return None
    introduction = _introduction_above(lines, start)
    return start if introduction is None else introduction


def _start_of_introduced_quotation(lines: list[str], own_texts: Collection[str]) -> int | None:
    """The line of a sentence such as "On Monday, Candy <our address> wrote:" above the rest.

    None if lines with `>` follow, since answers may be written between them.
    """
    for index, line in enumerate(lines):
        if not line.rstrip().endswith(COLONS) or QUOTED_LINE.match(line):
            continue
        start = _introduction_above(lines, index + 1)
        if start is None or not _contains_any(lines[start : index + 1], own_texts):
            continue
        return None if any(QUOTED_LINE.match(below) for below in lines[index:]) else start
    return None


def _start_of_repeated_headers(lines: list[str], own_texts: Collection[str]) -> int | None:
    """The line where the headers of the quoted e-mail begin: `From: … Sent: … Subject: …`."""
    for index in range(len(lines)):
        below = [line for line in lines[index : index + HEADER_WINDOW] if line.strip()]
        first = 1 if below and _is_separator(below[0]) else 0
        headers = below[first : first + MIN_HEADER_LINES + 1]
        count = len(list(takewhile(HEADER_LINE.match, headers)))
        if count >= MIN_HEADER_LINES and lines[index].strip() and _contains_any(headers, own_texts):
            return index
    return None


def _is_separator(line: str) -> bool:
    return len(line) < MAX_LINE_LENGTH and bool(SEPARATOR.fullmatch(line))


def _introduction_above(lines: list[str], end: int) -> int | None:
    """The first line of a sentence with a date and a final colon directly above line `end`."""
    while end and not lines[end - 1].strip():
        end -= 1
    if not end or not lines[end - 1].rstrip().endswith(COLONS):
        return None
    for start in range(end - 1, max(end - 1 - MAX_INTRODUCTION_LINES, -1), -1):
        if not lines[start].strip():
            return None
        sentence = "".join(lines[start:end])[:MAX_LINE_LENGTH]
        if sum(map(str.isdigit, sentence)) >= MIN_DATE_DIGITS:
            return start
    return None


def _contains_any(lines: list[str], own_texts: Collection[str]) -> bool:
    text = " ".join(lines).lower()
    return any(own.lower() in text for own in own_texts if own)
