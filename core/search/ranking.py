"""The results of a query, best first."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import Model

from core.search.index import backend
from core.search.kinds import Kind, all_kinds, kind_of
from core.search.models import Candidate
from core.text.search_query import SearchQuery, Term

MAX_RESULTS = 200
MAX_MATCHES = 1000

# The score of a term by the best text that contains it.
IN_TITLE, IN_KEYWORDS, IN_SUMMARY, IN_BODY = 8, 4, 2, 1
NO_DATE = datetime.min.replace(tzinfo=UTC)


class Result(NamedTuple):
    kind: Kind
    object_id: int


def find(query: SearchQuery, language: str, kinds: Iterable[Kind] | None = None) -> list[Result]:
    """The published objects that match `query` in `language`, at most MAX_RESULTS.

    A word counts most in the title, less in the keywords, the summary and the body, in this order;
    objects with equal scores are sorted newest first. `kinds` are all by default, and each takes at
    most four database queries.
    """
    if not query:
        return []
    needles = [[_needle(spelling) for spelling in term.spellings] for term in query.terms]
    found = [
        (_score(needles, row), row.date or NO_DATE, row.object_id, kind)
        for kind in (all_kinds() if kinds is None else kinds)
        for row in backend().candidates(kind, query, language)
    ]
    found.sort(key=lambda row: row[:3], reverse=True)
    return [Result(kind, object_id) for _, _, object_id, kind in found[:MAX_RESULTS]]


def matching_ids(query: SearchQuery, model: type[Model]) -> set[int]:
    """The primary keys of the newest objects of `model` that match `query` in any language.

    At most MAX_MATCHES, published or not, in two database queries.
    """
    return backend().matching_objects(kind_of(model), query, MAX_MATCHES) if query else set()


def _score(needles: list[list[str]], row: Candidate) -> int:
    title, keywords, summary = f" {row.title} ", f" {row.keywords} ", f" {row.summary} "
    score = 0
    for spellings in needles:
        if any(needle in title for needle in spellings):
            score += IN_TITLE
        elif any(needle in keywords for needle in spellings):
            score += IN_KEYWORDS
        elif any(needle in summary for needle in spellings):
            score += IN_SUMMARY
        else:
            score += IN_BODY
    return score


def _needle(spelling: Term) -> str:
    """What to look for in tokens that have a space before and after each."""
    return f" {' '.join(spelling.tokens)}{'' if spelling.prefix else ' '}"
