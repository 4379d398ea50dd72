"""Folding letters, so that a search ignores case, accents, width and other spelling variants."""

import re
import unicodedata
from functools import lru_cache

from core.text.normalizing import INVISIBLE_CHARACTERS

# Accents, Hebrew and Arabic vowel signs, the Arabic tatweel, and signs for phonetics and the Koran.
MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0898-\u089f\u08ca-\u08ff"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
MARK = re.compile(f"[{MARKS}{INVISIBLE_CHARACTERS}]")
# Vowel signs of Indian scripts, which are part of a word.
INDIC_MARKS = "".join(
    character
    for character in map(chr, range(0x900, 0xE00))
    if unicodedata.category(character).startswith("M")
)
# What a letter forms one character with: marks, dakuten of any width, and Korean vowels and finals.
EXTENDERS = (
    f"{MARKS}{INVISIBLE_CHARACTERS}{INDIC_MARKS}"
    "\u3099-\u309c\uff9e\uff9f\u1160-\u11ff\ud7b0-\ud7ff\ufe70-\ufe7f\ufc5e-\ufc63"
)
# Marks that have a space before them in their compatibility decomposition.
SPACING_MARKS = dict.fromkeys(
    [*range(0xFC5E, 0xFC64), *range(0xFE70, 0xFE80), 0xB4, 0xA8, 0xB8, *range(0x2D8, 0x2DE)]
) | str.maketrans("\u309b\u309c", "\u3099\u309a")
EQUAL_LETTERS = str.maketrans(
    {
        # Arabic, also as Persian and Urdu are written
        **dict.fromkeys("أإآٱٲٳ", "ا"),
        **dict.fromkeys("ىیېۍ", "ي"),
        **dict.fromkeys("ةەہھۀۃۂ", "ه"),
        **dict.fromkeys("کڪ", "ك"),
        # Latin and Cyrillic letters without a decomposition
        **dict(zip("ıøđðłħŧŋĸƒɨʉəґғқңөұүһ", "ioddlhtnkfiueггкноуух", strict=True)),
        **dict(zip("æœþ", ("ae", "oe", "th"), strict=True)),
    }
)
OTHER_DIGIT = re.compile(r"(?![0-9])\d")
# German and Scandinavian letters, and how they are written with the basic ones.
TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
UMLAUT = re.compile("(?<![aeiouq])(?:([aou])e|(a)a)")
MIN_UMLAUT_LENGTH = 5  # letters, of a word in which `ue` may stand for `ü`

# Characters that are folded to themselves or to lower case, and others with their extenders.
CLUSTER = re.compile(
    rf"([\x00-\x7f]+(?![{EXTENDERS}]))|([\u4e00-\u9fff]+(?![{EXTENDERS}]))|(.[{EXTENDERS}]*)",
    re.DOTALL,
)


def fold(text: str) -> str:
    """Fold `text` to basic letters in lower case and ASCII digits.

    `Straße` becomes `strasse`, `Ｆé` becomes `fe`, half-width katakana become full-width ones.
    Invisible characters are removed.
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text.translate(SPACING_MARKS)).casefold()
    folded = unicodedata.normalize("NFKC", MARK.sub("", folded)).translate(EQUAL_LETTERS)
    return OTHER_DIGIT.sub(lambda digit: str(unicodedata.digit(digit[0])), folded)


def fold_with_positions(text: str) -> tuple[str, list[int], list[int]]:
    """Folded `text`, and where each of its characters starts and ends in `text`."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in CLUSTER.finditer(text):
        start, end = cluster.span()
        if cluster[3]:
            folded = _fold_cluster(cluster[3])
            starts += [start] * len(folded)
            ends += [end] * len(folded)
        else:
            folded = cluster[0].lower()
            starts += range(start, end)
            ends += range(start + 1, end + 1)
        parts.append(folded)
    return "".join(parts), starts, ends


def umlaut_spellings(word: str) -> list[str]:
    """The other folded spellings of a word in which `ä` may be written as `ae` or `a`."""
    expanded = fold(unicodedata.normalize("NFC", word).lower().translate(TWO_LETTERS))
    spellings = {expanded: None}
    if len(expanded) >= MIN_UMLAUT_LENGTH:
        spellings[UMLAUT.sub(r"\1\2", expanded)] = None
    spellings.pop(fold(word), None)
    return list(spellings)


@lru_cache(maxsize=10_000)
def _fold_cluster(cluster: str) -> str:
    return fold(cluster)
