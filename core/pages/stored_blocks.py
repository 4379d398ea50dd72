"""The blocks of a page as they are stored.

`Page.blocks` is a list of dicts, in the order of the page:

    {"kind": "text", "id": "b1a2", "hidden": false, "values": {
        "heading": {"en": "…", "ar": "…"},             a translated field
        "picture": 12,                                  any other field
        "entries": [{"id": "e3f4", "values": {…}}]}}    the entries of a block that has some
"""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

StoredBlock = dict[str, Any]
Values = dict[str, Any]

MAX_BLOCKS = 100
MAX_ENTRIES = 100
ENTRIES = "entries"


def new_id() -> str:
    """An id for a new block or entry."""
    return f"b{secrets.token_hex(4)}"


def text_block(texts: dict[str, str]) -> StoredBlock:
    """A block with a rich text in each language."""
    return {"kind": "text", "id": new_id(), "hidden": False, "values": {"text": texts}}


def text_in(language: str, texts: Mapping[str, str] | None) -> str:
    """A translated text in `language`, else in the first language of the site that has one."""
    if not texts:
        return ""
    if text := texts.get(language):
        return text
    return next((text for code in fallbacks() if (text := texts.get(code))), "")


def fallbacks() -> Iterator[str]:
    """The languages in which a missing text is looked for, in order."""
    yield from dict(settings.LANGUAGES)
    yield from settings.LANGUAGES_WITH_CONTENT


def active_language() -> str:
    return get_language() or str(settings.LANGUAGE_CODE)
