"""The text that every compared site shows. Imports nothing, since each site runs it by itself."""

import random

ARTICLES = 1_000
MEASURED = 500  # the number of the article that is measured
LIST_LENGTH = 12  # articles on a page of a list
MIN_BODY_SIZE = 8 * 1024  # bytes
VOCABULARY = """
the crusher plant was tested under full load before it was packed for sea and each bearing is
measured twice by hand while granite limestone basalt and river stone pass through a jaw of forged
steel so that engineers in the quarry know which liner wears first how much water dust screens need
and when spare parts must leave our port for their site
"""


def title(number: int) -> str:
    return f"A crushing plant for quarry {number}"


def slug(number: int) -> str:
    return f"crushing-plant-{number}"


def summary(number: int) -> str:
    return _sentence(random.Random(-number), 25)  # noqa: S311


def body(number: int) -> str:
    """About 8 KB of HTML: paragraphs, with a heading before every third one."""
    words = random.Random(number)  # noqa: S311
    parts: list[str] = []
    size = 0
    while size < MIN_BODY_SIZE:
        if len(parts) % 4 == 0:
            parts.append(f"<h2>{_sentence(words, 5)}</h2>")
        else:
            parts.append(f"<p>{' '.join(_sentence(words, 14) for _ in range(5))}</p>")
        size += len(parts[-1])
    return "\n".join(parts)


def ending(number: int) -> str:
    """The last words of the body, by which a page is known to show all of it."""
    return body(number)[-60:]


def _sentence(words: random.Random, length: int) -> str:
    return " ".join(words.choices(VOCABULARY.split(), k=length)).capitalize() + "."
