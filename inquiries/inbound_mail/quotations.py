"""Tell what somebody wrote in a reply from what their mail program put below it.

Where that is not certain nothing is cut, and what is cut is kept: no word is lost. The signs hold
in every language: marks of quotation, our own address, our own subject.
"""

import re
from collections.abc import Collection

QUOTED = re.compile(r"\s*>")
# "From: Candy", "*发件人:* Candy": a line of the head that a mail program repeats.
FIELD = re.compile(r"\s*\*{0,2}[^\s:：*>][^:：\n]{0,30}[:：]\*{0,2}\s*\S")
# "_____", "-----Original Message-----", "------------------ 原始邮件 ------------------"
RULE = re.compile(r"\s*(?:[_-]{20,}|-{3,} ?[^\s-][^-]{0,40} ?-{3,})\s*")
MOST_HEAD_LINES = 3  # on which the sentence above a quotation may stand
FEWEST_FIELDS = 3
LONGEST_LINE = 500  # characters, of a line that is looked at


def split(text: str, ours: Collection[str]) -> tuple[str, str]:
    """What is new in a reply, and the rest, in the order of `text`.

    `ours` are texts that tell a quotation of ours: our address, the inquiry's reference.
    """
    lines = text.splitlines()
    found = [_marked(lines), _introduced(lines, ours), _headed(lines, ours)]
    cut = min((place for place in found if place is not None), default=len(lines))
    new, rest = "\n".join(lines[:cut]).strip(), "\n".join(lines[cut:]).strip()
    return (new, rest) if new else (text.strip(), "")


def _marked(lines: list[str]) -> int | None:
    """Where the quotation with marks begins that all else ends with, and the sentence above it."""
    start = len(lines)
    while start and (not lines[start - 1].strip() or QUOTED.match(lines[start - 1])):
        start -= 1
    if not any(QUOTED.match(line) for line in lines[start:]):
        return None
    head = _sentence_above(lines, start)
    return start if head is None else head


def _introduced(lines: list[str], ours: Collection[str]) -> int | None:
    """Where a sentence such as "On Monday, Candy <our address> wrote:" has all the rest below it.

    With marks of quotation below, answers may stand between them: that is for `_marked` to tell.
    """
    for place, line in enumerate(lines):
        if not line.rstrip().endswith((":", "：")) or QUOTED.match(line):
            continue
        head = _sentence_above(lines, place + 1)
        if head is None or not _names(lines[head : place + 1], ours):
            continue
        return None if any(QUOTED.match(below) for below in lines[place:]) else head
    return None


def _headed(lines: list[str], ours: Collection[str]) -> int | None:
    """Where the head of our own mail is repeated: `From: … Sent: … Subject: …`."""
    for place in range(len(lines)):
        below = [line for line in lines[place : place + 9] if line.strip()]
        has_rule = bool(below) and len(below[0]) < LONGEST_LINE and bool(RULE.fullmatch(below[0]))
        fields = below[has_rule : has_rule + FEWEST_FIELDS + 1]
        count = next((n for n, line in enumerate(fields) if not FIELD.match(line)), len(fields))
        if count >= FEWEST_FIELDS and lines[place].strip() and _names(fields, ours):
            return place
    return None


def _sentence_above(lines: list[str], end: int) -> int | None:
    """The first line of the sentence with a date and a colon that stands above the line `end`."""
    while end and not lines[end - 1].strip():
        end -= 1
    if not end or not lines[end - 1].rstrip().endswith((":", "：")):
        return None
    for start in range(end - 1, max(end - 1 - MOST_HEAD_LINES, -1), -1):
        if not lines[start].strip():
            return None
        if sum(map(str.isdigit, "".join(lines[start:end])[:LONGEST_LINE])) >= len("1.1."):
            return start
    return None


def _names(lines: list[str], ours: Collection[str]) -> bool:
    text = " ".join(lines).lower()
    return any(own.lower() in text for own in ours if own)
