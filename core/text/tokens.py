"""Tokens: the words of a text as a search index stores them, the same on every database.

Chinese, Japanese and Korean are written without spaces. Each of their characters forms a token
with the next one, and the last character of a run is a token by itself: `破碎机` becomes
`破碎 碎机 机`, so any part of a sentence is a sequence of tokens.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from core.text.folding import MARKS, fold

CJK = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U000323af"
)
TOKEN = re.compile(f"([{CJK}]+)|((?:(?![{CJK}])[^\\W_]|[{MARKS}])+)")
CJK_CHARACTER = re.compile(f"[{CJK}]")
NOT_A_LETTER = re.compile(r"[\W_]")
ARABIC_ARTICLE = "ال"

MAX_TOKEN_LENGTH = 40


class Token(NamedTuple):
    """A token, and where its text begins and ends."""

    text: str
    start: int
    end: int


def tokenize(text: str) -> Iterator[Token]:
    """The tokens of `text` in order."""
    for match in TOKEN.finditer(text):
        start, end = match.span()
        if match[1]:
            for position in range(start, end):
                pair_end = min(position + 2, end)
                yield Token(text[position:pair_end], position, pair_end)
        elif word := _word_token(match[0]):
            yield Token(word, start, end)


def join_tokens(text: str, max_bytes: int) -> str:
    """The first tokens of `text`, at most `max_bytes` of them in UTF-8, separated by spaces."""
    texts, size = [], 0
    for token in tokenize(text):
        size += len(token.text.encode())
        if size > max_bytes:
            break
        texts.append(token.text)
    return " ".join(texts)


def is_cjk(token: str) -> bool:
    """Whether `token` is Chinese, Japanese or Korean."""
    return bool(CJK_CHARACTER.match(token))


def _word_token(word: str) -> str:
    """`word` folded and without the Arabic article; empty if it has no letters or digits."""
    if word.isascii():
        return word.lower()[:MAX_TOKEN_LENGTH]
    word = NOT_A_LETTER.sub("", fold(word))
    if word.startswith(ARABIC_ARTICLE) and len(word) > len(ARABIC_ARTICLE) + 2:
        word = word.removeprefix(ARABIC_ARTICLE)
    return word[:MAX_TOKEN_LENGTH]
