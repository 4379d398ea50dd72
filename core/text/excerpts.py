"""Texts with the words of a query highlighted, and the passage of a long text around them."""

from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.text.search_query import SearchQuery, Term
from core.text.sentences import sentence_ends
from core.text.tokens import Token, is_cjk, tokenize

MAX_EXCERPT_LENGTH = 240  # characters
MAX_LEAD = 60  # of those, before the first highlighted word
MAX_SENTENCE_LEAD = 140  # the same, if the excerpt starts with a sentence

Span = tuple[int, int]


def highlight(text: str, query: SearchQuery) -> SafeString:
    """`text`, escaped, with every word of the query in `<mark>`."""
    return _mark(text, _find_spans(text, query))


def excerpt(texts: Iterable[str], query: SearchQuery) -> SafeString:
    """A passage of the first text that has words of the query, highlighted.

    Without such a text it is the beginning of the first one that is not empty.
    """
    first = ""
    for text in texts:
        if spans := _find_spans(text, query):
            return _cut(text, spans, spans[0][0])
        first = first or text
    return _cut(first, [], 0)


def _cut(text: str, spans: list[Span], position: int) -> SafeString:
    """About MAX_EXCERPT_LENGTH characters of `text` around `position`, cut between sentences.

    In a sentence that is too long for that, it is cut between words, with an ellipsis.
    """
    start, is_start_cut = _excerpt_start(text, position)
    end, is_end_cut = _excerpt_end(text, start, spans[0][1] if spans else start)
    part = text[start:end].rstrip()
    inside = [
        (max(s, start) - start, min(e, end) - start) for s, e in spans if s < end and e > start
    ]
    return mark_safe(  # noqa: S308 - what _mark returns is escaped
        ("… " if is_start_cut else "") + _mark(part, inside) + (" …" if is_end_cut else "")
    )


def _excerpt_start(text: str, position: int) -> tuple[int, bool]:
    """Where an excerpt with `position` starts, and whether that is within a sentence."""
    if len(text) <= MAX_EXCERPT_LENGTH:
        return 0, False
    earliest = max(position - MAX_SENTENCE_LEAD, 0)
    ends = [end for end in sentence_ends(text, earliest, position) if end <= position]
    if ends or not earliest:
        start = ends[-1] if ends else 0
        return start + len(text[start:]) - len(text[start:].lstrip()), False
    start = max(position - MAX_LEAD, 0)
    return text.find(" ", start, position) + 1 or start, True


def _excerpt_end(text: str, start: int, first: int) -> tuple[int, bool]:
    """Where an excerpt ends that has the word which ends at `first`, and whether it is cut."""
    end = start + MAX_EXCERPT_LENGTH
    if end >= len(text):
        return len(text), False
    if ends := [each for each in sentence_ends(text, first, end) if each <= end]:
        return ends[-1], False
    return text.rfind(" ", start + MAX_EXCERPT_LENGTH * 3 // 4, end + 1) + 1 or end, True


def _mark(text: str, spans: list[Span]) -> SafeString:
    parts, position = [], 0
    for start, end in spans:
        parts += [escape(text[position:start]), "<mark>", escape(text[start:end]), "</mark>"]
        position = end
    parts.append(escape(text[position:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part of the text is escaped


def _find_spans(text: str, query: SearchQuery) -> list[Span]:
    """Where the terms of `query` are in `text`, in order; overlapping ones are merged."""
    tokens = list(tokenize(text))
    hits = sorted(
        span
        for term in query.terms
        for spelling in term.sequences()
        for span in _term_spans(tokens, spelling)
    )
    spans: list[Span] = []
    for start, end in hits:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _term_spans(tokens: list[Token], term: Term) -> Iterable[Span]:
    *head, last = term.tokens
    length = len(term.tokens)
    for position, token in enumerate(tokens):
        if not (token.text == term.tokens[0] or (length == 1 and token.text.startswith(last))):
            continue
        part = tokens[position : position + length]
        if [other.text for other in part[:-1]] != head or len(part) < length:
            continue
        if part[-1].text == last:
            yield part[0].start, part[-1].end
        elif term.prefix and part[-1].text.startswith(last):
            # Of a pair of CJK characters, only the first is in the query.
            is_character = len(last) == 1 and is_cjk(last)
            yield part[0].start, part[-1].first_end if is_character else part[-1].end
