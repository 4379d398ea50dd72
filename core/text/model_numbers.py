"""Model numbers and sizes in every spelling: `KNCC-900` and `kn cc 900`, `600x900` and `600 * 900`.

A text is indexed with more tokens than its words, and the words of a query are also looked for
joined and split, so that spaces, hyphens and dots make no difference.
"""

import re
from collections.abc import Iterator

from core.text.folding import fold

MAX_LENGTH = 40  # characters of a number without its separators
MAX_PARTS = 8
MIN_LENGTH = 3

TIMES = "xX\uff58\u00d7\u2715\u2716*\u0445\u0425"  # signs, and full-width and Cyrillic letters
SEPARATORS = re.compile(r"[\W_]+")
SIZE = re.compile(
    rf"(?<![0-9.,])([0-9]{{1,6}})((?:\s*[{TIMES}]\s*[0-9]{{1,6}})+)(?![0-9]|[.,][0-9])"
)
SIZE_NUMBER = re.compile("[0-9]+")
# Letters directly before a size belong to the model number, as in `PE600x900`.
LETTERS_BEFORE = re.compile(r"[a-z]{1,6}$")
# Parts with letters and digits that are joined by hyphens, dots and so on.
SEPARATED = re.compile(r"(?<![\w./-])[a-z0-9]{1,12}(?:[-_./][a-z0-9]{1,12}){1,5}(?![\w/-])")
PART = re.compile(r"[0-9]+(?:x[0-9]+)+|[0-9]+|[^\W\d_]+")


def join_sizes(text: str) -> str:
    """`text` with every size spelled as in `600x900`."""
    return SIZE.sub(lambda size: "x".join(SIZE_NUMBER.findall(size[0])), text)


def split_number(token: str) -> list[str]:
    """The runs of letters and of digits in a token; a size is one of them."""
    return PART.findall(token)


def number_tokens(number: str) -> list[str]:
    """The tokens by which a model number is found from each of its parts on.

    `NOR.0707-60` has `nor070760` and `070760`; the first is the whole number.
    """
    parts = split_number(join_sizes(fold(number)))[:MAX_PARTS]
    tokens = ["".join(parts[start:])[:MAX_LENGTH] for start in range(len(parts))]
    return list(dict.fromkeys(token for token in tokens if len(token) >= MIN_LENGTH))


def extra_tokens(text: str) -> Iterator[str]:
    """Tokens of the sizes and model numbers in `text` that differ from its words."""
    folded = fold(text)
    if not any(map(str.isdigit, folded)):
        return
    for size in SIZE.finditer(folded):
        numbers = SIZE_NUMBER.findall(size[0])
        joined = "x".join(numbers)[:MAX_LENGTH]
        yield joined
        before = folded[max(size.start() - 6, 0) : size.start()]
        if letters := LETTERS_BEFORE.search(before):
            yield f"{letters[0]}{joined}"[:MAX_LENGTH]
        yield from numbers
    for found in SEPARATED.finditer(folded):
        number = SEPARATORS.sub("", found[0])
        if not number.isdigit() and not number.isalpha() and len(number) <= MAX_LENGTH:
            yield number


def compact_number(query: str) -> str:
    """A query as `number_tokens` has a whole model number; empty if it cannot be one."""
    compact = SEPARATORS.sub("", join_sizes(fold(query)))
    is_number = any(map(str.isdigit, compact)) and MIN_LENGTH <= len(compact) <= MAX_LENGTH
    return compact if is_number else ""
