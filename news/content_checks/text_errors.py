"""Finds errors in one block of text: placeholders, failed replacements, doubled words.

The patterns miss some errors rather than report false ones, since names of products, sizes and
units have unusual capitals and digits.
"""

import re
import unicodedata
from collections.abc import Iterator

URLS_AND_EMAILS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\S+\.(?:com|org|net|cn)\b\S*")

PLACEHOLDERS = re.compile(
    r"""
    \{\{[^{}]*\}\} | \{%[^{}]*%\} | \$\{[^{}]*\} | %\(\w+\)[sd]     # of a template
    | \{[a-z_][\w.]*\} | \[\[[^\[\]]*\]\]
    | \[(?:insert|your|name|company|product|title|date|city|link|image|picture|photo|text)\b
      [^\[\]]*\]
    | <(?:name|title|date|company|product|your\ [^<>]*)>
    | \b(?i:your|sample|placeholder|dummy)\ (?i:text)\ (?i:here|goes\ here)\b
    | (?a:\b(?:TODO|FIXME|TBD|TBC|TKTK)\b | (?<![\w.-])(?:x{3,}|X{3,})(?![\w-]|\.\w)) | \?{4,}
    | \[object\ Object\]
    | &(?:nbsp|amp|quot|lt|gt|rsquo|ldquo|rdquo|\#\d+); | �
    """,
    re.VERBOSE,
)
LOREM = re.compile(r"\blorem ipsum\b(?: \w+)?|\bdolor sit amet\b", re.IGNORECASE)
# UTF-8 decoded as Windows-1252: `â€™` for an apostrophe, `Ã©` for é.
WRONG_ENCODING = re.compile(r"\S*(?:â€.|Ã[\u00a0-\u00bf]|Â[\u00a0-\u00bf])\S*")

# `BBB1`: a temporary token of a find-and-replace that was never replaced back.
REPLACEMENT_TOKEN = re.compile(r"(?<![\w-])([A-Z])\1{2,}\d{1,3}(?![\w-])", re.ASCII)
# `cOne`: a capital inside a word that starts with a lower-case letter.
INNER_CAPITAL = re.compile(
    r"(?<![0-9A-Za-zÀ-ɏ_&'’.\-/])[a-z]{1,12}[A-Z][a-z]{2,}[0-9A-Za-z]*(?:\s+[A-Za-z]+)?"
)
# iPhone, eBay and similar names that start with `i` or `e`.
MIXED_CASE_NAMES = re.compile(
    r"[ie][A-Z][a-z]+\w*"
    r"|mac(?=OS)|(?:mRNA|tRNA|uPVC|xDrive|sDrive|jQuery|vCards?|openSUSE|deVries|tvOS)\b"
    r"|(?:da|de|del|di|la|le|van|von|mc|fitz)[A-Z]"  # diMaggio, laRue
)

WORD = r"[^\W\d_]{2,}(?:['’][^\W\d_]+)?"
DOUBLED = re.compile(rf"(?<![\w'’-])({WORD})[ \u00a0]+(\1)(?![\w'’-])", re.IGNORECASE)
# Scripts without spaces between words, in which repeated words are grammar.
UNSPACED_SCRIPTS = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff]"
)


def find_placeholders(text: str) -> Iterator[str]:
    """Placeholders that were never filled in: `{{name}}`, `lorem ipsum`, `TODO`, `xxx`."""
    text = URLS_AND_EMAILS.sub(" ", text)
    yield from _matches(LOREM, text)
    yield from _matches(PLACEHOLDERS, LOREM.sub(" ", text))


def find_wrong_encoding(text: str) -> Iterator[str]:
    """Words whose bytes were decoded with the wrong encoding."""
    yield from _matches(WRONG_ENCODING, text)


def find_failed_replacements(text: str) -> Iterator[str]:
    """Words that look like a failed find-and-replace: `BBB1`, `cOne Roadruction`."""
    text = URLS_AND_EMAILS.sub(" ", text)
    yield from _matches(REPLACEMENT_TOKEN, text)
    for found in _matches(INNER_CAPITAL, text):
        if not MIXED_CASE_NAMES.match(found):
            yield found


def find_doubled_words(text: str) -> Iterator[str]:
    """The same word twice in a row, in scripts with spaces: `the the`."""
    for match in DOUBLED.finditer(text):
        first, second = match.groups()
        is_same = first == second or first.lower() == second  # but not `nm Nm`
        if is_same and not UNSPACED_SCRIPTS.search(first):
            yield match[0]


def display_width(text: str) -> int:
    """The width of `text` in Latin letters; a Chinese character counts as two."""
    return sum(
        2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in unicodedata.normalize("NFC", text)
        if not unicodedata.combining(letter)
    )


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for match in pattern.finditer(text):
        yield match[0].strip()
