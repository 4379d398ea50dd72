"""Words, as both databases index them.

A word is written in small letters, without accents. Chinese, Japanese and Korean stand without
spaces: each of their characters makes one token together with the one after it, and the last of a
run stands alone. So `破碎机` is `破碎 碎机 机`, and any part of a sentence is a run of tokens.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

RUN = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U000323af"
)
MARKS = "\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670"  # accents, Arabic vowels, tatweel
TOKEN = re.compile(f"([{RUN}]+)|((?:(?![{RUN}])[^\\W_]|[{MARKS}])+)")
IN_RUN = re.compile(f"[{RUN}]")
DROPPED = re.compile(f"[{MARKS}]|[\\W_]")
TAG = re.compile(r'<(?:/?([a-zA-Z][a-zA-Z0-9]*)(?:"[^"]*"|[^">])*|!--.*?--)>', re.DOTALL)
WITHIN_WORDS = {"a", "strong", "em", "u", "s", "sub", "sup", "code", "span", "b", "i"}
SAME_LETTER = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"})
ARABIC_ARTICLE = "ال"

LONGEST_WORD = 40
# A tsvector holds 1 MB, of which a text of this size takes at most the half.
MOST_BYTES = 300_000


class Token(NamedTuple):
    text: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of `text` in their order, and where each stands."""
    for found in TOKEN.finditer(text):
        start, end = found.span()
        if found[1]:
            for at in range(start, end):
                yield Token(text[at : min(at + 2, end)], at, min(at + 2, end))
        elif word := normal(found[0]):
            yield Token(word, start, end)


def normal(word: str) -> str:
    """`word` as it is indexed; empty where it has no letters."""
    if word.isascii():
        return word.lower()[:LONGEST_WORD]
    word = DROPPED.sub("", unicodedata.normalize("NFKD", word).casefold())
    word = unicodedata.normalize("NFC", word).translate(SAME_LETTER)
    if word.startswith(ARABIC_ARTICLE) and len(word) > len(ARABIC_ARTICLE) + 2:
        word = word.removeprefix(ARABIC_ARTICLE)
    return word[:LONGEST_WORD]


def is_in_run(token: str) -> bool:
    """Whether `token` is of a script that stands without spaces."""
    return bool(IN_RUN.match(token))


def indexed(text: str) -> str:
    """The tokens of `text` with a space between them, as far as the index takes them."""
    kept, size = [], 0
    for token in tokens(text):
        size += len(token.text.encode())
        if size > MOST_BYTES:
            break
        kept.append(token.text)
    return " ".join(kept)


def plain(markup: str) -> str:
    """What is read of `markup`, in one line: no tags, no entities, no markup of any kind."""
    text = TAG.sub(lambda tag: "" if (tag[1] or "").lower() in WITHIN_WORDS else " ", markup)
    return " ".join(html.unescape(text).split())
