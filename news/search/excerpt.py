"""Texts with a query's words marked, and the part of a long one where they stand."""

from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from news.search.query import Query, Term
from news.search.text import Token, tokens

LENGTH = 240  # of an excerpt, in characters
BEFORE = 60  # of those, at most so many before the first marked word

Span = tuple[int, int]


def marked(text: str, query: Query) -> SafeString:
    """`text`, escaped, with every word that the query asks for within `<mark>`."""
    return _mark(text, _spans(text, query))


def excerpt(texts: Iterable[str], query: Query) -> SafeString:
    """A part of the first of `texts` that the query's words are in, marked; else its beginning."""
    filled = [text for text in texts if text]
    for text in filled:
        if spans := _spans(text, query):
            return _cut(text, spans, spans[0][0])
    return _cut(filled[0], [], 0) if filled else SafeString()


def _cut(text: str, spans: list[Span], at: int) -> SafeString:
    """About LENGTH characters of `text` around `at`, from and to the end of a word."""
    start = max(at - BEFORE, 0) if len(text) > LENGTH else 0
    if start:
        start = _space_in(text, start, at) or start
    end = start + LENGTH
    if end < len(text):
        end = text.rfind(" ", start + LENGTH * 3 // 4, end + 1) + 1 or end
    part = text[start:end].rstrip()
    inside = [
        (max(s, start) - start, min(e, end) - start) for s, e in spans if s < end and e > start
    ]
    return mark_safe(  # noqa: S308 - what _mark returns is escaped
        ("… " if start else "") + _mark(part, inside) + (" …" if end < len(text) else "")
    )


def _space_in(text: str, start: int, end: int) -> int:
    return text.find(" ", start, end) + 1


def _mark(text: str, spans: list[Span]) -> SafeString:
    parts, at = [], 0
    for start, end in spans:
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    parts.append(escape(text[at:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part of the text is escaped


def _spans(text: str, query: Query) -> list[Span]:
    """Where the terms of `query` stand in `text`, in order, those that meet as one."""
    found = list(tokens(text))
    hits = sorted(span for term in query.terms for span in _places(found, term))
    spans: list[Span] = []
    for start, end in hits:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _places(found: list[Token], term: Term) -> Iterable[Span]:
    *head, last = term.tokens
    length = len(term.tokens)
    for at, token in enumerate(found):
        if not (token.text == term.tokens[0] or (length == 1 and token.text.startswith(last))):
            continue
        part = found[at : at + length]
        if [one.text for one in part[:-1]] != head or len(part) < length:
            continue
        if part[-1].text == last:
            yield part[0].start, part[-1].end
        elif term.prefix and part[-1].text.startswith(last):
            # Of two characters that make a token, only the one that was asked for.
            is_character = len(last) == 1 and part[-1].end - part[-1].start == 2
            yield part[0].start, part[-1].start + 1 if is_character else part[-1].end
