"""The name in the acknowledgement, without advertising, since a stranger may receive it."""

import re
import unicodedata

MAX_NAME_LENGTH = 40

MARKUP = re.compile(r"<[^>]*>?|\[[^\]]*\]?")
LINKS = re.compile(r"\S*(?:[:/\\@]|www\.|\w[.。｡]\w{2,})\S*", re.IGNORECASE)
NOT_IN_NAMES = re.compile(r"[^\w\s.'’·-]|[\d_]")


def salutation(name: str) -> str:
    """The name without links, markup and unusual characters; empty if nothing remains."""
    name = unicodedata.normalize("NFKC", name)
    for pattern in (MARKUP, LINKS, NOT_IN_NAMES):
        name = pattern.sub(" ", name)
    name = " ".join(name.split())
    if len(name) > MAX_NAME_LENGTH:
        name = name[:MAX_NAME_LENGTH].rpartition(" ")[0] or name[:MAX_NAME_LENGTH]
    return name.strip(" .-'’·")
