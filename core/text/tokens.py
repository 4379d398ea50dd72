"""Tokens: the words of a text as a search index stores them, the same on every database.

Chinese, Japanese and Korean are written without spaces. Each of their characters forms a token
with the next one, and the last character of a run is a token by itself: `破碎机` becomes
`破碎 碎机 机`, so any part of a sentence is a sequence of tokens.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from core.text.folding import INDIC_MARKS, fold_with_positions

# Without the middle dot, which separates the words of a name.
CJK = (
    "\u3005-\u3007\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
)
TOKEN = re.compile(f"([{CJK}]+)|((?:(?![{CJK}])[^\\W_]|[{INDIC_MARKS}])+)")
CJK_CHARACTER = re.compile(f"[{CJK}]")
ARABIC_ARTICLE = "ال"

MAX_TOKEN_LENGTH = 40


class Token(NamedTuple):
    """A token, and where its text begins and ends; `first_end` is the end of its first letter."""

    text: str
    start: int
    end: int
    first_end: int


def tokenize(text: str) -> Iterator[Token]:
    """The tokens of `text` in order."""
    folded, starts, ends = fold_with_positions(text)
    for match in TOKEN.finditer(folded):
        first, last = match.start(), match.end() - 1
        if match[1]:
            for index in range(first, last + 1):
                second = min(index + 1, last)
                pair = folded[index : second + 1]
                yield Token(pair, starts[index], ends[second], ends[index])
        else:
            yield Token(_word_token(match[0]), starts[first], ends[last], ends[first])


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
    return not token.isascii() and bool(CJK_CHARACTER.match(token))


def _word_token(word: str) -> str:
    """A folded word without the Arabic article."""
    if word.startswith(ARABIC_ARTICLE) and len(word) > len(ARABIC_ARTICLE) + 2:
        word = word.removeprefix(ARABIC_ARTICLE)
    return word[:MAX_TOKEN_LENGTH]
