"""The results of a query, best first."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import Model

from core.search.index import backend
from core.search.kinds import Kind, all_kinds, kind_of
from core.search.models import MAX_CANDIDATES, Candidate
from core.text.search_query import SearchQuery, Term

MAX_RESULTS = 200
MAX_MATCHES = 1000

# The score of a term by the best text that contains it.
IN_TITLE, IN_KEYWORDS, IN_SUMMARY, IN_BODY = 8, 4, 2, 1
# An object whose model number was typed comes before all others.
EXACT_NUMBER, PART_OF_NUMBER = 2000, 1000
NO_DATE = datetime.min.replace(tzinfo=UTC)


class Result(NamedTuple):
    kind: Kind
    object_id: int


class Found(NamedTuple):
    """The results of a query, the best first, and how many there are of each kind.

    `counts` has at most MAX_CANDIDATES for each kind.
    """

    results: list[Result]
    counts: dict[Kind, int]


def search(query: SearchQuery, language: str, kinds: Iterable[Kind] | None = None) -> Found:
    """The published objects that match `query` in `language`.

    A word counts most in the title, less in the keywords, the summary and the body, in this order;
    of objects with equal scores, those of the first kind come first, and then the newest. `kinds`
    are all by default, and each takes at most four database queries.
    """
    counts: dict[Kind, int] = {}
    if not query:
        return Found([], counts)
    needles = [_needles(term) for term in query.terms]
    terms = backend().Terms(query)
    found: list[tuple[int, int, datetime, int, Kind]] = []
    for kind in all_kinds() if kinds is None else kinds:
        best = {}
        for row in backend().candidates(kind, terms, language):
            score = _score(needles, query.number, row)
            best[row.object_id] = (score, -kind.order, row.date or NO_DATE, row.object_id, kind)
        found += best.values()
        counts[kind] = min(len(best), MAX_CANDIDATES)
    found.sort(key=lambda row: row[:4], reverse=True)
    return Found([Result(kind, object_id) for *_, object_id, kind in found], counts)


def find(query: SearchQuery, language: str, kinds: Iterable[Kind] | None = None) -> list[Result]:
    """The first MAX_RESULTS that `search` returns."""
    return search(query, language, kinds).results[:MAX_RESULTS]


def matching_ids(query: SearchQuery, model: type[Model]) -> set[int]:
    """The primary keys of the newest objects of `model` that match `query` in any language.

    At most MAX_MATCHES, published or not, in two database queries.
    """
    return backend().matching_objects(kind_of(model), query, MAX_MATCHES) if query else set()


class _Needle(NamedTuple):
    """A sequence of tokens to look for, and the terms that a text must have as well."""

    text: str
    also: list["list[_Needle]"]


def _needles(term: Term) -> list[_Needle]:
    """The spellings of `term`, as tokens that have a space before and after each."""
    return [
        _Needle(
            f" {' '.join(spelling.tokens)}{'' if spelling.prefix else ' '}",
            [_needles(other) for other in spelling.also],
        )
        for spelling in term.spellings
    ]


def _contains(text: str, needles: list[_Needle]) -> bool:
    return any(
        needle.text in text and all(_contains(text, other) for other in needle.also)
        for needle in needles
    )


def _score(terms: list[list[_Needle]], number: str, row: Candidate) -> int:
    title, keywords, summary = f" {row.title} ", f" {row.keywords} ", f" {row.summary} "
    score = 0
    if number and f" {number} " in keywords:
        score = EXACT_NUMBER if keywords.startswith(f" {number} ") else PART_OF_NUMBER
    for needles in terms:
        if _contains(title, needles):
            score += IN_TITLE
        elif _contains(keywords, needles):
            score += IN_KEYWORDS
        elif _contains(summary, needles):
            score += IN_SUMMARY
        else:
            score += IN_BODY
    return score
