"""Separates the new text of a reply from the quotation below it.

A quotation begins at a line that an e-mail program writes: with a date and a time, the name and the
e-mail address of the author and a verb such as "wrote", or with the names of headers in one of many
languages. Where that is uncertain, the text counts as new.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from inquiries.inbound_mail.quotation_words import (
    COPY,
    DATE,
    FINAL_VERBS,
    FORWARD_PREFIXES,
    FORWARD_WORDS,
    FROM,
    HEADER_ROLES,
    INNER_VERBS,
    REPLY_PREFIXES,
    SUBJECT,
    TO,
    subject_prefix,
)

MAX_LINE_LENGTH = 500  # characters; longer lines are only examined to here
MAX_INTRODUCTION_LINES = 4
MIN_DATE_DIGITS = 4  # as in 1.1.26
MIN_HEADERS = 3
MAX_COMPARED_LINES, MIN_COMPARED_LENGTH = 10, 5  # lines, characters
HEADER_WINDOW = 16  # lines in which the headers are found, blank ones included

QUOTED_LINE = re.compile(r"\s*>")
NESTED_LINE = re.compile(r"\s*>\s?>")
# "From: Candy", "*发件人:* Candy", "| From | Candy |"
HEADER_LINE = re.compile(r"[\s|]{0,9}\*{0,2}([^\s:：|*>][^:：|*>\n]{0,30}?)\s{0,9}\*{0,2}[:：|]")
HEADER_START = re.compile(r"[^:：|\n]{0,60}[:：|]")
# "_____", "-----Original Message-----", "------------------ 原始邮件 ------------------"
SEPARATOR = re.compile(
    r"\s*(?:[_-]{3,}|-{3,}\s?[^\s-][^-]{0,60}?\s?-{3,}|Original Message)\s*", re.IGNORECASE
)
TIME = re.compile(
    r"\d{1,2}\s?[:h時时点點시]\s?\d{2}|(?<![\d.])\d{1,2}\.\d{2}(?![.\d])"
    r"|\d{1,2}\s?(?:[ap]\.?m\b|uhr|時|时|点|點|시)",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[^\s@]@[\w-]{1,63}\.[\w.-]{1,189}")  # from its last letter before the @
FINAL_BRACKETS = re.compile(r"\s?\([^()]{0,100}\)$")
FORWARD_LINE = re.compile("|".join(map(re.escape, FORWARD_WORDS)), re.IGNORECASE)
MAX_FORWARD_LINE_LENGTH = 100
IS_FORWARD = subject_prefix(FORWARD_PREFIXES)
IS_REPLY = subject_prefix(REPLY_PREFIXES)
COLONS = (":", "：")


@dataclass(frozen=True)
class _Header:
    role: str
    value: str


def is_forward(subject: str) -> bool:
    """Whether an e-mail with this subject was forwarded, so that what it quotes is new."""
    return IS_FORWARD.match(subject) is not None


def split_quotation(
    text: str,
    own_texts: Collection[str],
    earlier_texts: Collection[str] = (),
    marked_at: int | None = None,
) -> tuple[str, str]:
    """The new text of a reply and the quotation below it; together they are the whole text.

    `own_texts` identify a quoted e-mail of the site: its e-mail addresses, the inquiry's reference,
    the URL of its page. `earlier_texts` are those of the conversation. `marked_at` is where the
    sender's program marked a quotation in `text`.
    """
    lines = text.splitlines()
    if marked_at is not None:
        marked_at = len(text[:marked_at].splitlines())
    forwarded = _start_of_forwarded(lines)
    earlier = "\n".join(" ".join(earlier.split()) for earlier in earlier_texts)
    quotation = _Quotation(lines, [own.lower() for own in own_texts if own], earlier)
    starts = [
        quotation.start_of_quoted_lines(),
        quotation.start_of_introduced_text(),
        quotation.start_of_repeated_headers(),
        quotation.start_of_marked(marked_at),
    ]
    cut = min((start for start in starts if start is not None), default=len(lines))
    if cut >= forwarded:
        return text.strip(), ""
    new, quoted = "\n".join(lines[:cut]).strip(), "\n".join(lines[cut:]).strip()
    return (new, quoted) if new else (text.strip(), "")


class _Quotation:
    """Finds the lines of a text where a quotation begins; each method returns None if none does."""

    def __init__(self, lines: list[str], own_texts: list[str], earlier_text: str) -> None:
        self.lines = lines
        self.own_texts = own_texts
        self.earlier_text = earlier_text
        self.is_quoted = [bool(QUOTED_LINE.match(line)) for line in lines]
        self.last_quoted = max((i for i, quoted in enumerate(self.is_quoted) if quoted), default=-1)

    def start_of_quoted_lines(self) -> int | None:
        """The first line of the final block of lines with `>`, including the sentence above it."""
        lines = self.lines
        start = len(lines)
        while start and (not lines[start - 1].strip() or self.is_quoted[start - 1]):
            start -= 1
        if self.last_quoted < start:
            return None
        introduction = self._introduction_above(start)
        if introduction is not None:
            return introduction
        block = [line for line in lines[start:] if line.strip()]
        first_lines = [_unquoted(line) for line in block[:MAX_INTRODUCTION_LINES]]
        sentences = [" ".join(first_lines[:count]) for count in range(1, len(first_lines) + 1)]
        is_certain = (
            any(map(NESTED_LINE.match, block))
            or any(map(self._is_introduction, sentences))
            or any(url in line.lower() for url in self._own_urls() for line in block)
            or self._is_from_earlier_text(block)
        )
        return start if is_certain else None

    def start_of_introduced_text(self) -> int | None:
        """The line of a sentence such as "On 1 May at 9:12, Candy <…> wrote:" above the rest.

        None if lines with `>` follow, since answers may be written between them.
        """
        for index, line in enumerate(self.lines):
            if self.is_quoted[index] or not _ends_introduction(_plain(line)):
                continue
            start = self._introduction_above(index + 1, is_above_quoted_lines=False)
            if start is not None:
                return None if self.last_quoted > index else start
        return None

    def start_of_repeated_headers(self) -> int | None:
        """The line where the headers of the quoted e-mail begin: `From: … Sent: … Subject: …`."""
        headers = [_header(line) for line in self.lines]
        for index, header in enumerate(headers):
            if header is None or header.role not in {FROM, DATE, TO}:
                continue
            if self._are_headers_of_quotation(self._headers_from(headers, index)):
                return self._with_separator(index)
        return None

    def start_of_marked(self, marked_at: int | None) -> int | None:
        """The line at `marked_at`, unless answers are written between the quoted lines below."""
        if marked_at is None:
            return None
        while marked_at < len(self.lines) and not self.lines[marked_at].strip():
            marked_at += 1
        below = self.is_quoted[marked_at:]
        if True in below:
            texts = self.lines[marked_at + below.index(True) :]
            if any(line.strip() and not QUOTED_LINE.match(line) for line in texts):
                return None
        return marked_at

    def _headers_from(self, headers: list[_Header | None], start: int) -> list[_Header]:
        """The headers in the lines from `start`, with lines that continue a list of recipients."""
        found: list[_Header] = []
        is_after_blank = False
        for index in range(start, min(start + HEADER_WINDOW, len(headers))):
            header = headers[index]
            if header is not None:
                found.append(header)
            elif not self.lines[index].strip():
                is_after_blank = True
                continue
            elif is_after_blank or "@" not in self.lines[index] or found[-1].role not in {TO, COPY}:
                break
            is_after_blank = False
        return found

    def _are_headers_of_quotation(self, headers: list[_Header]) -> bool:
        """Whether an e-mail program wrote them, and not the sender as a list of fields."""
        values: dict[str, str] = {}
        for header in headers:
            values.setdefault(header.role, header.value)
        if FROM not in values or len(values.keys() - {COPY}) < MIN_HEADERS:
            return False
        if any(email in values[FROM].lower() for email in self._own_emails()):
            return True
        has_time = _has_date(values.get(DATE, "")) and TIME.search(values[DATE])
        if headers[0].role != FROM or TO not in values or not has_time:
            return False
        # The program may leave out the address of the author. Another one than ours is that of a
        # colleague in the conversation, or of somebody whose e-mail was copied.
        subject = values.get(SUBJECT, "")
        is_reply = IS_REPLY.match(subject) is not None and "@" not in values[FROM]
        return is_reply or self._has_own_text(subject)

    def _with_separator(self, start: int) -> int:
        """The line of the separator above a quotation, or `start` if there is none."""
        above = start
        while above and not self.lines[above - 1].strip():
            above -= 1
        has_separator = above and SEPARATOR.fullmatch(self.lines[above - 1][:MAX_LINE_LENGTH])
        return above - 1 if has_separator else start

    def _introduction_above(self, end: int, is_above_quoted_lines: bool = True) -> int | None:
        """The first line of the introduction of a quotation that ends above line `end`."""
        while end and not self.lines[end - 1].strip():
            end -= 1
        for start in range(end - 1, max(end - 1 - MAX_INTRODUCTION_LINES, -1), -1):
            if not self.lines[start].strip():
                return None
            sentence = " ".join(self.lines[start:end])
            if self._is_introduction(sentence, is_above_quoted_lines):
                while start and (header := _header(self.lines[start - 1])) and header.role != FROM:
                    start -= 1  # recipient and subject, as Yandex writes them
                return self._with_separator(start)
        return None

    def _is_introduction(self, sentence: str, is_above_quoted_lines: bool = True) -> bool:
        """Whether an e-mail program wrote a sentence such as "On 1 May at 9:12, Candy wrote:".

        Some leave out the time or the e-mail address where the quoted lines below begin with `>`.
        """
        sentence = _plain(sentence)
        if not _ends_introduction(sentence) or not _has_date(sentence):
            return False
        has_time = TIME.search(sentence) is not None
        has_email = EMAIL.search(sentence) is not None
        if not (has_time or has_email if is_above_quoted_lines else has_time and has_email):
            return False
        words = sentence.strip(" :-")
        if words.endswith(FINAL_VERBS) or FINAL_BRACKETS.sub("", words).endswith(FINAL_VERBS):
            return True
        if any(f"{verb} (" in words or f"> {verb} " in words for verb in FINAL_VERBS):
            return True  # the date is behind the verb
        if not (words.endswith(">") or is_above_quoted_lines):
            return False
        names = [words.rpartition(f" {verb} ")[2] for verb in INNER_VERBS if f" {verb} " in words]
        if names and not any(map(str.isdigit, names[0].partition("<")[0])):
            return True
        # Without a verb: "25.11.2026, 09:12, Candy <candy@example.com>:"
        is_without_verb = words[0].isdigit() or not words[0].isascii()
        return is_without_verb and has_time and has_email and words.endswith(">")

    def _is_from_earlier_text(self, block: list[str]) -> bool:
        """Whether the first lines of a block with `>` are those of an earlier text."""
        lines = [" ".join(_unquoted(line).split()) for line in block]
        lines = [line for line in lines if line][:MAX_COMPARED_LINES]
        long = [line for line in lines if len(line) >= MIN_COMPARED_LENGTH]
        known = sum(line in self.earlier_text for line in long)
        return 0 < known >= len(lines) / 2

    def _own_emails(self) -> list[str]:
        return [own for own in self.own_texts if "@" in own]

    def _own_urls(self) -> list[str]:
        return [own for own in self.own_texts if "/" in own]

    def _has_own_text(self, text: str) -> bool:
        return any(own in text.lower() for own in self.own_texts)


def _start_of_forwarded(lines: list[str]) -> int:
    """The line above a forwarded e-mail, such as "Begin forwarded message:"; else the end."""
    for index, line in enumerate(lines):
        text = line.strip()
        if len(text) > MAX_FORWARD_LINE_LENGTH or not (text.endswith(COLONS) or text[:3] == "---"):
            continue
        if FORWARD_LINE.search(text):
            return index
    return len(lines) + 1


def _header(line: str) -> _Header | None:
    if HEADER_START.match(line) is None:
        return None
    found = HEADER_LINE.match(_visible(line))
    if found is None:
        return None
    role = HEADER_ROLES.get("".join(found[1].lower().split()))
    return _Header(role, found.string[found.end() :].strip(" *|")) if role else None


def _ends_introduction(sentence: str) -> bool:
    return sentence.endswith(":") or (sentence.startswith("---") and sentence.endswith("---"))


def _has_date(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= MIN_DATE_DIGITS


def _unquoted(line: str) -> str:
    return line.lstrip("> \t")


def _plain(sentence: str) -> str:
    """The sentence in lower case, with one space between words."""
    return " ".join(_visible(sentence).lower().split())


def _visible(line: str) -> str:
    """The start of a line with common colons and spaces, and without marks of direction."""
    text = unicodedata.normalize("NFKC", line[:MAX_LINE_LENGTH])
    if text.isascii():
        return text
    return "".join(c for c in text if unicodedata.category(c) != "Cf")
