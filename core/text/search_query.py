"""The grammar of every search box.

`stone crusher` finds both words, each also at the beginning of a longer one; `"stone crusher"`
finds exactly this phrase; `-jaw` excludes what contains that word; `cr*` finds words that begin
with these letters, however few. Words are also found in singular and plural, and model numbers and
sizes in every spelling: see word_forms.py and model_numbers.py.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from core.text.folding import fold, umlaut_spellings
from core.text.model_numbers import SIZE, compact_number, join_sizes, split_number
from core.text.normalizing import INVISIBLE
from core.text.tokens import CJK, Token, is_cjk, tokenize
from core.text.word_forms import SHORT_WORDS, word_forms

MAX_QUERY_LENGTH = 200  # characters
MAX_TERMS = 10
# Shorter words match only themselves: `the`, `of` and `for` begin too many others.
MIN_PREFIX_LENGTH = 4
MIN_STARRED_PREFIX_LENGTH = 2

# Words that may be parts of one model number: those with digits, and short ones beside them.
MAX_LETTERS_OF_NUMBER = 4
MAX_PARTS_OF_NUMBER = 5

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

    `others` are other spellings, each of which may be found instead. The terms in `also` must be
    found as well, anywhere.
    """

    tokens: tuple[str, ...]
    prefix: bool = False
    others: tuple["Term", ...] = ()
    also: tuple["Term", ...] = ()

    @property
    def spellings(self) -> tuple["Term", ...]:
        return self, *self.others

    def sequences(self) -> Iterator["Term"]:
        """All spellings, and those of the terms that must be found with them."""
        for spelling in self.spellings:
            yield spelling
            for term in spelling.also:
                yield from term.sequences()


class SearchQuery(NamedTuple):
    """What to find in an index of tokens, and what to exclude."""

    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    number: str = ""  # what was typed without separators, if it may be a model number

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
    text = join_sizes(text[:MAX_QUERY_LENGTH])
    terms: dict[Term, None] = {}
    excluded: dict[Term, None] = {}
    words: list[str] = []
    for part in (*split_query(text), QueryPart("", is_phrase=True)):
        if not (part.is_phrase or part.is_excluded or part.text.endswith("*")):
            words.append(part.text)
            continue
        terms |= dict.fromkeys(_terms_of_words(words))
        words = []
        if part.is_phrase:
            found = [_phrase_term(part.text)]
        else:
            found = _word_terms(part.text, allow_longer=not part.is_excluded)
        target = excluded if part.is_excluded else terms
        target |= dict.fromkeys(term for term in found if term.tokens)
    return SearchQuery(
        tuple(terms)[:MAX_TERMS],
        tuple(excluded)[:MAX_TERMS],
        "" if excluded else compact_number(text),
    )


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


class _Part(NamedTuple):
    """A run of letters or of digits in what may be a model number."""

    text: str
    is_glued: bool = False  # to the part before, without a space
    is_decimal: bool = False  # the digits after a decimal point


def _terms_of_words(words: Iterable[str]) -> list[Term]:
    """The terms of unquoted words; neighbours that may be one model number form a single term."""
    terms: list[Term] = []
    run: list[str] = []
    for word in (*words, ""):
        if word and all(_may_be_in_number(token.text) for token in tokenize(word)):
            run.append(word)
            continue
        parts = [part for each in run for part in _number_parts(each)]
        if 1 < len(parts) <= MAX_PARTS_OF_NUMBER and any(part.text[0].isdigit() for part in parts):
            terms.append(_number_term(parts))
        else:
            terms += [term for each in run for term in _word_terms(each, allow_longer=True)]
        run = []
        terms += _word_terms(word, allow_longer=True)
    return terms


def _may_be_in_number(token: str) -> bool:
    if is_cjk(token) or "".join(split_number(token)) != token or token in SHORT_WORDS:
        return False
    return not token.isalpha() or len(token) <= MAX_LETTERS_OF_NUMBER


def _number_parts(word: str) -> Iterator[_Part]:
    end = None  # of the token before
    last = ""
    for token in tokenize(word):
        for index, text in enumerate(split_number(token.text)):
            is_point = end is not None and word[end : token.start] in (".", ",")
            is_decimal = not index and is_point and text.isdigit() and last.isdigit()
            yield _Part(text, is_glued=index > 0 or is_decimal, is_decimal=is_decimal)
            last = text
        end = token.end


def _number_term(parts: Sequence[_Part]) -> Term:
    """A term for the parts of a model number, each of which may be joined to the one before.

    Parts that are not joined may be anywhere, unless they were typed as one word.
    """
    choices = [(False,) if part.is_decimal else (False, True) for part in parts[1:]]
    spellings: dict[Term, None] = {}
    for joined in product(*choices):
        sequences = [[parts[0].text]]
        for part, is_joined in zip(parts[1:], joined, strict=True):
            if is_joined:
                sequences[-1][-1] += part.text
            elif part.is_glued:
                sequences[-1].append(part.text)
            else:
                sequences.append([part.text])
        first, *rest = map(_part_term, sequences)
        for spelling in first.spellings:
            spellings[spelling._replace(others=(), also=tuple(rest))] = None
    term, *others = spellings
    return term._replace(others=tuple(others))


def _part_term(tokens: Sequence[str]) -> Term:
    """A term for parts of a model number that follow one another."""
    term = Term(tuple(tokens), prefix=len(tokens[-1]) >= MIN_PREFIX_LENGTH)
    return term if len(tokens) > 1 else _without_redundant([term, *_other_forms(tokens[0])])


def _other_forms(word: str) -> list[Term]:
    """The other spellings of a size, and of a word its singular and plural."""
    if SIZE.fullmatch(word):
        numbers = word.split("x")
        return [Term(tuple(numbers)), Term(tuple(" x ".join(numbers).split()))]
    return [Term((form.text,), form.is_stem) for form in word_forms(word)]


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
            spellings = [
                Term((text,), prefix=allow_longer and len(text) >= MIN_PREFIX_LENGTH)
                for text in texts
            ]
            if allow_longer:
                spellings += _other_forms(token.text)
            terms.append(_without_redundant(spellings))
    if words.endswith("*") and terms and len(terms[-1].tokens[-1]) >= MIN_STARRED_PREFIX_LENGTH:
        longer = [other._replace(prefix=True) for other in terms[-1].others]
        terms[-1] = terms[-1]._replace(prefix=True, others=tuple(longer))
    return terms


def _without_redundant(spellings: Iterable[Term]) -> Term:
    """A term for these spellings, without words that the first one finds as longer words."""
    first, *others = dict.fromkeys(spellings)
    beginning = first.tokens[0]
    others = [
        other
        for other in others
        if not (first.prefix and len(other.tokens) == 1 and other.tokens[0].startswith(beginning))
    ]
    return first._replace(others=tuple(others))
