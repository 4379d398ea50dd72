"""The grammar of every search box.

`stone crusher` finds both words, each also at the beginning of a longer one; `"stone crusher"`
finds exactly this phrase; `-jaw` excludes what contains that word; `cr*` finds words that begin
with these letters, however few.
"""

import re
from typing import NamedTuple

from core.text.tokens import is_cjk, tokenize

MAX_QUERY_LENGTH = 200  # characters
MAX_TERMS = 10
# Shorter words match only themselves: `the`, `of` and `for` begin too many others.
MIN_PREFIX_LENGTH = 4
MIN_STARRED_PREFIX_LENGTH = 2

QUOTES = str.maketrans(dict.fromkeys("“”„«»「」『』＂", '"'))
PART = re.compile(r'(?P<minus>(?<!\S)-+)?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<words>[^\s"]+))')


class QueryPart(NamedTuple):
    """A quoted phrase, or the characters between two spaces, as it was typed."""

    text: str
    is_phrase: bool = False
    is_excluded: bool = False


class Term(NamedTuple):
    """Tokens that follow one another; with `prefix`, the last may begin a longer one."""

    tokens: tuple[str, ...]
    prefix: bool = False


class SearchQuery(NamedTuple):
    """What to find in an index of tokens, and what to exclude."""

    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        """Whether it can find anything: a query that only excludes finds nothing."""
        return bool(self.terms)


def clean_query(text: str) -> str:
    """What was typed, on one line, without control characters, at most MAX_QUERY_LENGTH long."""
    printable = "".join(c if c.isprintable() else " " for c in text[: 2 * MAX_QUERY_LENGTH])
    return " ".join(printable.split())[:MAX_QUERY_LENGTH].strip()


def split_query(text: str) -> list[QueryPart]:
    """The parts of a query, each once, for a search through stored text."""
    parts: dict[QueryPart, None] = {}
    for match in PART.finditer(text[:MAX_QUERY_LENGTH].translate(QUOTES)):
        is_phrase = match["phrase"] is not None
        if part := (match["phrase"] if is_phrase else match["words"]).strip():
            parts[QueryPart(part, is_phrase, bool(match["minus"]))] = None
    return list(parts)


def parse_query(text: str) -> SearchQuery:
    """The query in `text` for a search through an index of tokens; every text is valid."""
    terms: dict[Term, None] = {}
    excluded: dict[Term, None] = {}
    for part in split_query(text):
        if part.is_phrase:
            found = [_phrase_term([token.text for token in tokenize(part.text)])]
        else:
            found = _word_terms(part.text, allow_longer=not part.is_excluded)
        target = excluded if part.is_excluded else terms
        target |= dict.fromkeys(term for term in found if term.tokens)
    return SearchQuery(tuple(terms)[:MAX_TERMS], tuple(excluded)[:MAX_TERMS])


def _phrase_term(tokens: list[str]) -> Term:
    """A term for a phrase, whose final CJK character also matches before another character."""
    if tokens and is_cjk(tokens[-1]):
        if len(tokens) > 1 and is_cjk(tokens[-2]):
            return Term(tuple(tokens[:-1]))
        return Term(tuple(tokens), prefix=True)
    return Term(tuple(tokens))


def _word_terms(words: str, allow_longer: bool) -> list[Term]:
    """A term for each word and each run of CJK characters in `words`."""
    terms: list[Term] = []
    run: list[str] = []
    for token, _, _ in tokenize(words):
        if is_cjk(token):
            run.append(token)
            if len(token) == 1:
                terms.append(_phrase_term(run))
                run = []
        else:
            terms.append(Term((token,), prefix=allow_longer and len(token) >= MIN_PREFIX_LENGTH))
    if words.endswith("*") and terms and len(terms[-1].tokens[-1]) >= MIN_STARRED_PREFIX_LENGTH:
        terms[-1] = terms[-1]._replace(prefix=True)
    return terms
