"""Normalize typed text: remove invisible characters, convert digits and letters to ASCII."""

import re
import unicodedata

# The code points that Unicode calls default-ignorable, without joiners, bidi marks and variation
# selectors, and two more that show nothing.
FILLERS = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff"
    "\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff"
)
JOINERS = "\u200c\u200d"
BIDI_MARKS = "\u061c\u200e\u200f"
VARIATION_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # without tabs and line breaks

INVISIBLE_CHARACTERS = f"{FILLERS}{JOINERS}{BIDI_MARKS}{VARIATION_SELECTORS}"
INVISIBLE = re.compile(f"[{CONTROLS}{INVISIBLE_CHARACTERS}]")
INVISIBLE_IN_NAME = re.compile(f"[{CONTROLS}{FILLERS}]")
INVISIBLE_IN_TEXT = re.compile(f"[{CONTROLS}\ufeff]")
JOINER_RUN = re.compile(f"[{JOINERS}]+")
NARROW_BREAK = re.compile("[\t\x0b\x0c\x85\u2028\u2029]")
RARE_LINE_BREAK = re.compile("[\x0b\x0c\x85\u2028\u2029]")
DIGIT = re.compile(r"\d")
BLANK_ENDS = re.compile(rf"^[\s{BIDI_MARKS}]+|(?<![\s{BIDI_MARKS}])[\s{BIDI_MARKS}]+$")


def to_ascii_digits(text: str) -> str:
    """`text` with Arabic, full-width and all other decimal digits as `0` to `9`."""
    return DIGIT.sub(lambda match: str(unicodedata.digit(match[0])), text)


def to_plain_characters(text: str) -> str:
    """`text` with ASCII digits, without invisible characters, full-width letters and signs.

    For texts that a program parses: numbers and addresses.
    """
    return to_ascii_digits(unicodedata.normalize("NFKC", INVISIBLE.sub("", text))).strip()


def remove_invisible(text: str) -> str:
    """`text` without invisible characters and without blanks at its ends, otherwise as typed."""
    return INVISIBLE.sub("", NARROW_BREAK.sub(" ", text)).strip()


def clean_line(text: str) -> str:
    """A name or another short text without invisible characters; empty if nothing is visible.

    Not removed: joiners between letters, which Persian and Indian words are written with, variation
    selectors, bidi marks between words, and line breaks.
    """
    text = INVISIBLE_IN_NAME.sub("", NARROW_BREAK.sub(" ", text))
    text = BLANK_ENDS.sub("", JOINER_RUN.sub(_joiner_between_letters, text))
    return text if INVISIBLE.sub("", text).strip() else ""


def clean_text(text: str) -> str:
    """A message with plain line breaks and no control characters; empty if nothing is visible."""
    text = INVISIBLE_IN_TEXT.sub("", RARE_LINE_BREAK.sub("\n", text)).strip()
    return text if INVISIBLE.sub("", text).strip() else ""


def _joiner_between_letters(match: re.Match[str]) -> str:
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    is_in_word = before.strip() and after.strip() and not (before + after).isascii()
    return match[0][0] if is_in_word else ""
