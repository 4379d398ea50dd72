"""Adds pages to the search."""

from collections.abc import Iterable, Iterator
from typing import Any

from core.pages.models import Page
from core.pages.stored_blocks import ENTRIES, text_in
from core.richtext.cleaning import clean_html
from core.search.index import register
from core.search.kinds import Kind
from core.text.html import html_to_text


def page_texts(page: Page, language: str) -> Iterator[str]:
    """The translated texts of the blocks that are not hidden."""
    for block in page.blocks:
        if not block.get("hidden"):
            yield from _texts_of_values(block["values"], language)


def _texts_of_values(values: dict[str, Any], language: str) -> Iterable[str]:
    for name, value in values.items():
        if name == ENTRIES:
            for entry in value:
                yield from _texts_of_values(entry["values"], language)
        elif isinstance(value, dict) and isinstance(text := text_in(language, value), str):
            yield html_to_text(clean_html(text))


register(
    Kind(
        number=5,
        model=Page,
        published=Page.objects.published,
        title="title",
        summary="description",
        get_details=page_texts,
        order=8,
        template="pages/_search_result.html",
    )
)
