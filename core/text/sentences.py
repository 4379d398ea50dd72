"""Cutting texts at the ends of sentences."""

import re

from core.text.html import truncate_text

# A full stop is only the end of a sentence before a space, since `3.5 t` and `e.g` have one too.
END = re.compile(r"[.!?؟…][\"'”’»)]*(?=\s|\Z)|[。！？][”’」』）]*")
MIN_SHARE = 0.5  # of the length: with less, it is better to cut a sentence


def first_sentences(text: str, max_length: int) -> str:
    """The first whole sentences of `text`, up to `max_length` characters.

    If these are short, it is cut between words, with an ellipsis.
    """
    if len(text) <= max_length:
        return text
    ends = [match.end() for match in END.finditer(text, 0, max_length + 1)]
    end = max((end for end in ends if end <= max_length), default=0)
    return text[:end] if end >= max_length * MIN_SHARE else truncate_text(text, max_length)


def sentence_ends(text: str, start: int, end: int) -> list[int]:
    """Where the sentences end that end between `start` and `end`."""
    return [match.end() for match in END.finditer(text, start, min(end + 1, len(text)))]
