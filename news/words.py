"""Words that look wrong: leftovers of a template, of a failed find-and-replace, doubled words.

Pure functions over one block of text. They would rather miss a slip than cry wolf: names of
products, sizes and units are full of odd capitals and figures.
"""

import re
import unicodedata
from collections.abc import Iterator

ADDRESSES = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\S+\.(?:com|org|net|cn)\b\S*")

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
# UTF-8 that was read as Windows-1252: `â€™` for an apostrophe, `Ã©` for é.
WRONGLY_DECODED = re.compile(r"\S*(?:â€.|Ã[\u00a0-\u00bf]|Â[\u00a0-\u00bf])\S*")

# `BBB1`: the stand-in of a find-and-replace that never came back.
STAND_IN = re.compile(r"(?<![\w-])([A-Z])\1{2,}\d{1,3}(?![\w-])", re.ASCII)
# `cOne`: a capital within a word that began small.
INNER_CAPITAL = re.compile(
    r"(?<![0-9A-Za-zÀ-ɏ_&'’.\-/])[a-z]{1,12}[A-Z][a-z]{2,}[0-9A-Za-z]*(?:\s+[A-Za-z]+)?"
)
# iPhone, eBay and their like: `i` and `e` open names of their own.
NAMES = re.compile(
    r"[ie][A-Z][a-z]+\w*"
    r"|mac(?=OS)|(?:mRNA|tRNA|uPVC|xDrive|sDrive|jQuery|vCards?|openSUSE|deVries|tvOS)\b"
    r"|(?:da|de|del|di|la|le|van|von|mc|fitz)[A-Z]"  # diMaggio, laRue
)

WORD = r"[^\W\d_]{2,}(?:['’][^\W\d_]+)?"
DOUBLED = re.compile(rf"(?<![\w'’-])({WORD})[ \u00a0]+(\1)(?![\w'’-])", re.IGNORECASE)
# Scripts that set no space between words, where repeating one is grammar, not a slip.
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff]"
)


def placeholders(text: str) -> Iterator[str]:
    """What was to be filled in and was not: `{{name}}`, `lorem ipsum`, `TODO`, `xxx`."""
    text = ADDRESSES.sub(" ", text)
    yield from _each(LOREM, text)
    yield from _each(PLACEHOLDERS, LOREM.sub(" ", text))


def wrongly_decoded(text: str) -> Iterator[str]:
    """Words whose letters were read in the wrong encoding."""
    yield from _each(WRONGLY_DECODED, text)


def replaced(text: str) -> Iterator[str]:
    """Words that look like a failed find-and-replace: `BBB1`, `cOne Roadruction`."""
    text = ADDRESSES.sub(" ", text)
    yield from _each(STAND_IN, text)
    for found in _each(INNER_CAPITAL, text):
        if not NAMES.match(found):
            yield found


def doubled(text: str) -> Iterator[str]:
    """The same word twice in a row, in scripts that set spaces: `the the`."""
    for match in DOUBLED.finditer(text):
        first, second = match.groups()
        is_same = first == second or first.lower() == second  # but not `nm Nm`
        if is_same and not UNSPACED.search(first):
            yield match[0]


def width(text: str) -> int:
    """How much room `text` takes in a list of search results; a Chinese character counts two."""
    return sum(
        2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in unicodedata.normalize("NFC", text)
        if not unicodedata.combining(letter)
    )


def _each(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for match in pattern.finditer(text):
        yield match[0].strip()
