"""What a reader typed, as terms that both databases understand.

`stone crusher` finds both words, each also at the beginning of a longer one; `"stone crusher"`
finds them one after the other and as they are; `-jaw` leaves out what has that word; `cr*` finds
what begins so, however short.
"""

import re
from typing import NamedTuple

from news.search.text import is_in_run, tokens

MOST_CHARACTERS = 200
MOST_TERMS = 10
# Shorter words stand for themselves: `the`, `of` and `for` begin too many others.
SHORTEST_PREFIX = 4
SHORTEST_MARKED_PREFIX = 2

QUOTES = str.maketrans(dict.fromkeys("“”„«»「」『』＂", '"'))
PART = re.compile(r'(?P<minus>(?<!\S)-+)?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<words>[^\s"]+))')


class Term(NamedTuple):
    """Tokens that follow one another; with `prefix`, the last may go on."""

    tokens: tuple[str, ...]
    prefix: bool = False


class Query(NamedTuple):
    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        """Whether it can find anything: leaving out alone finds nothing."""
        return bool(self.terms)


def parse(text: str) -> Query:
    """The query in `text`. Nothing is a mistake: what makes no sense is left aside."""
    terms: dict[Term, None] = {}
    excluded: dict[Term, None] = {}
    for part in PART.finditer(text[:MOST_CHARACTERS].translate(QUOTES)):
        chosen = excluded if part["minus"] else terms
        if part["phrase"] is not None:
            found = [_phrase([token.text for token in tokens(part["phrase"])])]
        else:
            found = _words(part["words"], longer=not part["minus"])
        chosen |= dict.fromkeys(term for term in found if term.tokens)
    return Query(tuple(terms)[:MOST_TERMS], tuple(excluded)[:MOST_TERMS])


def _phrase(texts: list[str]) -> Term:
    """A run at the end may go on in the text, where its last character has another after it."""
    if texts and is_in_run(texts[-1]):
        if len(texts) > 1 and is_in_run(texts[-2]):
            return Term(tuple(texts[:-1]))
        return Term(tuple(texts), prefix=True)
    return Term(tuple(texts))


def _words(words: str, longer: bool) -> list[Term]:
    """A term for each word and each run of characters in `words`."""
    terms: list[Term] = []
    run: list[str] = []
    for text, _, _ in tokens(words):
        if is_in_run(text):
            run.append(text)
            if len(text) == 1:
                terms.append(_phrase(run))
                run = []
        else:
            terms.append(Term((text,), prefix=longer and len(text) >= SHORTEST_PREFIX))
    if words.endswith("*") and terms and len(terms[-1].tokens[-1]) >= SHORTEST_MARKED_PREFIX:
        terms[-1] = terms[-1]._replace(prefix=True)
    return terms
