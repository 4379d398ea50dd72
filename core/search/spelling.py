"""Correcting a mistyped query with the words of the index: "Did you mean …"."""

from core.search.index import backend
from core.search.models import MAX_LENGTH_DIFFERENCE
from core.text.search_query import parse_query
from core.text.tokens import is_cjk, tokenize

MIN_WORD_LENGTH = 4
MIN_LENGTH_FOR_TWO_EDITS = 6
MAX_CORRECTED_WORDS = 3


def corrected(text: str) -> str:
    """The query with each unknown word replaced by the nearest one; empty if nothing is nearer.

    It takes one query of the database, and one for each unknown word.
    """
    words = [token for token in tokenize(text) if _can_be_corrected(token.text)]
    spellings = {
        word.text: [
            spelling.tokens[0]
            for term in parse_query(word.text).terms
            for spelling in term.spellings
        ]
        for word in words
    }
    known = backend().words_with_prefix([each for found in spellings.values() for each in found])
    unknown = [
        word for word in words if not any(known[spelling] for spelling in spellings[word.text])
    ]
    if not unknown or len(unknown) > MAX_CORRECTED_WORDS:
        return ""
    parts, position = [], 0
    for word in unknown:
        nearest = _nearest(word.text)
        if not nearest:
            return ""
        parts += [text[position : word.start], nearest]
        position = word.end
    return "".join([*parts, text[position:]])


def _can_be_corrected(word: str) -> bool:
    return len(word) >= MIN_WORD_LENGTH and word.isalpha() and not is_cjk(word)


def _nearest(word: str) -> str:
    """The word of the index with the fewest edits; of several a longer one that begins alike."""
    most = 2 if len(word) >= MIN_LENGTH_FOR_TWO_EDITS else 1
    choices = []
    for other in backend().similar_words(word):
        edits = count_edits(word, other) if other.isalpha() else most + 1
        if edits <= most:
            choices.append((edits, other[0] != word[0], -len(other), other))
    return min(choices)[-1] if choices else ""


def count_edits(first: str, second: str) -> int:
    """How many letters to add, remove, replace or swap with their neighbour."""
    if abs(len(first) - len(second)) > MAX_LENGTH_DIFFERENCE:
        return len(first) + len(second)
    rows = [list(range(len(second) + 1))]
    for i, letter in enumerate(first, 1):
        above, row = rows[-1], [i]
        for j, other in enumerate(second, 1):
            edits = min(row[-1] + 1, above[j] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and other == first[i - 2]:
                edits = min(edits, rows[-2][j - 2] + 1)
            row.append(edits)
        rows.append(row)
    return rows[-1][-1]
