"""Queries with the synonyms that the company lists."""

from collections.abc import Iterator, Sequence

from core.page_cache.changes import watch_all
from core.page_cache.copies import ProcessCopy
from core.search.models import Synonyms, split_synonyms
from core.text.search_query import SearchQuery, Term, parse_query
from core.text.tokens import tokenize

CHANGED_TAG = "synonyms"
MAX_LINES = 1000


def watch_models() -> None:
    """Let every process read changed synonyms again."""
    watch_all({Synonyms: CHANGED_TAG})


def _read_groups() -> list[list[Term]]:
    lines = Synonyms.objects.values_list("words", flat=True)[:MAX_LINES]
    return [[_term(word) for word in split_synonyms(line)] for line in lines]


_groups = ProcessCopy(_read_groups, CHANGED_TAG)


def read_query(text: str) -> SearchQuery:
    """The query in `text`, in which each word is also looked for by its synonyms."""
    query = parse_query(text)
    terms = list(query.terms)
    for group in _groups.get() if terms else ():
        terms = _with_synonyms(terms, group)
    return query._replace(terms=tuple(terms))


def _term(word: str) -> Term:
    """What a synonym finds: a single word in all its forms, several as a phrase."""
    is_one = word.isalnum() and len(list(tokenize(word))) == 1
    [term] = parse_query(word if is_one else '"{}"'.format(word.replace('"', " "))).terms
    return term


def _with_synonyms(terms: Sequence[Term], group: Sequence[Term]) -> list[Term]:
    """The terms, of which the first that are in the group find its others as well."""
    for synonym in group:
        for start, end in _places(terms, synonym):
            joined = _joined(terms[start:end])
            others = (other for other in group if other != synonym)
            added = [each._replace(others=()) for other in others for each in other.spellings]
            spellings = tuple(dict.fromkeys([*joined.others, *added]))
            return [*terms[:start], joined._replace(others=spellings), *terms[end:]]
    return list(terms)


def _places(terms: Sequence[Term], synonym: Term) -> Iterator[tuple[int, int]]:
    """Where the terms are the synonym: as one term, or as one for each of its words."""
    for start, term in enumerate(terms):
        if _is_same(term, synonym):
            yield start, start + 1
        words = [Term((token,)) for token in synonym.tokens]
        part = terms[start : start + len(words)]
        if 1 < len(words) == len(part) and all(map(_is_same, part, words)):
            yield start, start + len(words)


def _joined(terms: Sequence[Term]) -> Term:
    """A term for several that must all be found."""
    first, *rest = terms
    if not rest:
        return first
    spellings = [each._replace(others=(), also=(*each.also, *rest)) for each in first.spellings]
    return spellings[0]._replace(others=tuple(spellings[1:]))


def _is_same(term: Term, synonym: Term) -> bool:
    return any(
        spelling.tokens == synonym.tokens and not spelling.also for spelling in term.spellings
    )
