"""The grammar of every search box.

`stone crusher` finds both words, each also at the beginning of a longer one; `"stone crusher"`
finds exactly this phrase; `-jaw` excludes what contains that word; `cr*` finds words that begin
with these letters, however few.
"""

import re
from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from core.text.folding import fold, umlaut_spellings
from core.text.normalizing import INVISIBLE
from core.text.tokens import CJK, Token, is_cjk, tokenize

MAX_QUERY_LENGTH = 200  # characters
MAX_TERMS = 10
# Shorter words match only themselves: `the`, `of` and `for` begin too many others.
MIN_PREFIX_LENGTH = 4
MIN_STARRED_PREFIX_LENGTH = 2

MAX_GAPS = 3  # in a phrase, of which every one may be absent

SIGNS = str.maketrans(dict.fromkeys("“”„‟«»‹›❝❞〝〞〟「」『』＂", '"') | {"－": "-", "＊": "*"})
CJK_GAP = re.compile(rf"(?<=[{CJK}])\s+(?=[{CJK}])")
PART = re.compile(r'(?P<minus>(?<!\S)-+)?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<words>[^\s"]+))')


class QueryPart(NamedTuple):
    """A quoted phrase, or the characters between two spaces, as it was typed."""

    text: str
    is_phrase: bool = False
    is_excluded: bool = False


class Term(NamedTuple):
    """Tokens that follow one another; with `prefix`, the last may begin a longer one.

    `others` are other spellings, each of which may be found instead.
    """

    tokens: tuple[str, ...]
    prefix: bool = False
    others: tuple["Term", ...] = ()

    @property
    def spellings(self) -> tuple["Term", ...]:
        return self, *self.others


class SearchQuery(NamedTuple):
    """What to find in an index of tokens, and what to exclude."""

    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        """Whether it can find anything: a query that only excludes finds nothing."""
        return bool(self.terms)


def clean_query(text: str) -> str:
    """What was typed, on one line, without control characters, at most MAX_QUERY_LENGTH long."""
    visible = INVISIBLE.sub("", text[: 2 * MAX_QUERY_LENGTH])
    printable = "".join(c if c.isprintable() else " " for c in visible)
    return " ".join(printable.split())[:MAX_QUERY_LENGTH].strip()


def split_query(text: str) -> list[QueryPart]:
    """The parts of a query, each once, for a search through stored text."""
    parts: dict[QueryPart, None] = {}
    for match in PART.finditer(text[:MAX_QUERY_LENGTH].translate(SIGNS)):
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
            found = [_phrase_term(part.text)]
        else:
            found = _word_terms(part.text, allow_longer=not part.is_excluded)
        target = excluded if part.is_excluded else terms
        target |= dict.fromkeys(term for term in found if term.tokens)
    return SearchQuery(tuple(terms)[:MAX_TERMS], tuple(excluded)[:MAX_TERMS])


def _phrase_term(phrase: str) -> Term:
    """A term for a phrase, in which spaces between CJK characters may be absent."""
    pieces = CJK_GAP.split(fold(phrase))
    gaps = len(pieces) - 1
    choices = product((" ", ""), repeat=gaps) if gaps <= MAX_GAPS else [(" ",) * gaps, ("",) * gaps]
    spellings: dict[Term, None] = {}
    for separators in choices:
        joined = "".join(map("".join, zip(pieces, (*separators, ""), strict=True)))
        spellings[_sequence(list(tokenize(joined)))] = None
    term, *others = spellings
    return term._replace(others=tuple(others))


def _sequence(tokens: Sequence[Token]) -> Term:
    """A term for tokens, whose final CJK character also matches before another character."""
    texts = tuple(token.text for token in tokens)
    if not tokens or not is_cjk(texts[-1]):
        return Term(texts)
    if len(tokens) > 1 and tokens[-2].end == tokens[-1].end:  # the end of a pair
        return Term(texts[:-1])
    return Term(texts, prefix=True)


def _word_terms(words: str, allow_longer: bool) -> list[Term]:
    """A term for each word and each run of CJK characters in `words`."""
    terms: list[Term] = []
    run: list[Token] = []
    for token in tokenize(words):
        if is_cjk(token.text):
            run.append(token)
            if len(token.text) == 1:
                terms.append(_sequence(run))
                run = []
        else:
            texts = [token.text, *umlaut_spellings(words[token.start : token.end])]
            term, *others = [
                Term((text,), prefix=allow_longer and len(text) >= MIN_PREFIX_LENGTH)
                for text in texts
            ]
            terms.append(term._replace(others=tuple(others)))
    if words.endswith("*") and terms and len(terms[-1].tokens[-1]) >= MIN_STARRED_PREFIX_LENGTH:
        longer = [other._replace(prefix=True) for other in terms[-1].others]
        terms[-1] = terms[-1]._replace(prefix=True, others=tuple(longer))
    return terms
