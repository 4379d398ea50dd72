"""Searching for parts of words in normalized texts, in any spelling."""

import re
from collections.abc import Iterable

from django.db.models import Q

from core.text.folding import fold, umlaut_spellings
from core.text.search_query import CJK_GAP, MAX_TERMS, QueryPart, split_query

MIN_COMPACT_LENGTH = 3  # characters

DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
SEPARATORS = re.compile(r"[\W_]+")
MODEL_NUMBER = re.compile(r"\b[a-z]{1,6}[-_/. ][0-9][a-z0-9/_-]{0,20}")
DECIMAL_NUMBER = re.compile(r"(?<![0-9])[0-9]{1,3}[.,][0-9]")


def normalize(text: str) -> str:
    """`text` on one line, folded and without control characters, as searches compare it."""
    visible = fold(text)
    if not visible.isprintable():  # as most texts are
        visible = "".join(c for c in visible if c.isprintable() or c.isspace())
    return CJK_GAP.sub("", " ".join(visible.translate(DASHES).split()))


def without_separators(text: str) -> str:
    """A normalized model number or reference without spaces, hyphens and other signs."""
    return SEPARATORS.sub("", normalize(text))


def compact_model_numbers(normalized: str) -> str:
    """The model numbers in a normalized text that have separators, without these."""
    return " ".join(SEPARATORS.sub("", number) for number in MODEL_NUMBER.findall(normalized))


def search_parts(search: str) -> list[QueryPart]:
    """The parts of a search, each with a text that can be found.

    Searches find any part of a word, so the asterisk of a prefix search is dropped.
    """
    parts = []
    for part in split_query(search)[:MAX_TERMS]:
        word = part.text if part.is_phrase else part.text.rstrip("*") or part.text
        if normalize(word):
            parts.append(part._replace(text=word))
    return parts


def search_spellings(text: str) -> set[str]:
    """What to look for in normalized texts: `text` itself, and other spellings.

    A model number is also found without its separators, but 7.5 is not 75.
    """
    normalized = normalize(text)
    spellings = {normalized, *map(normalize, umlaut_spellings(text))}
    compact = without_separators(text)
    if len(compact) >= MIN_COMPACT_LENGTH and not DECIMAL_NUMBER.search(normalized):
        spellings.add(compact)
    return spellings


def contains_any(field: str, spellings: Iterable[str]) -> Q:
    """The condition that a field with a normalized text contains one of the spellings."""
    condition = Q()
    for spelling in sorted(set(spellings)):
        condition |= Q(**{f"{field}__contains": spelling})
    return condition
