"""Folding letters, so that a search ignores case, accents and Arabic spelling variants."""

import re
import unicodedata

# Accents, Hebrew and Arabic vowel signs, and the Arabic tatweel.
MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670"
)
MARK = re.compile(f"[{MARKS}]")
EQUAL_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"})


def fold(text: str) -> str:
    """Fold `text` to lower case without accents: `Straße` to `strasse`, `Ｆé` to `fe`."""
    if text.isascii():
        return text.lower()
    folded = MARK.sub("", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", folded).translate(EQUAL_LETTERS)
