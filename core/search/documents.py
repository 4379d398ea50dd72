"""The texts of an object as the index stores them: a document for each different translation."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.conf import settings
from modeltranslation.utils import build_localized_fieldname

from core.richtext.cleaning import clean_html
from core.search.kinds import Kind
from core.search.models import first_entry_id
from core.text.html import html_to_text
from core.text.tokens import join_tokens

# A tsvector is limited to 1 MB; a text of this size takes at most half of it.
MAX_INDEXED_BYTES = 300_000


class Document(NamedTuple):
    """The texts of an object in `languages`, as tokens separated by spaces."""

    id: int
    kind_number: int
    object_id: int
    languages: tuple[str, ...]
    title: str
    keywords: str
    summary: str
    body: str

    @property
    def texts(self) -> tuple[str, str, str, str]:
        return self.title, self.keywords, self.summary, self.body


def build_documents(kind: Kind, row: Any) -> list[Document]:
    """The documents of one object.

    Each language has the texts that the object's page shows, in another language where one is
    missing; languages with the same texts share a document.
    """
    languages_by_texts = defaultdict(list)
    for language in settings.MODELTRANSLATION_LANGUAGES:
        texts = (
            translated_text(row, kind.title, language),
            " ".join(kind.get_keywords(row, language)),
            translated_text(row, kind.summary, language),
            translated_text(row, kind.html, language),
        )
        languages_by_texts[texts].append(language)
    first_id = first_entry_id(kind, row.pk)
    return [
        Document(
            first_id + index,
            kind.number,
            row.pk,
            tuple(languages),
            join_tokens(title, MAX_INDEXED_BYTES),
            join_tokens(keywords, MAX_INDEXED_BYTES),
            join_tokens(summary, MAX_INDEXED_BYTES),
            join_tokens(html_to_text(clean_html(html)), MAX_INDEXED_BYTES),
        )
        for index, ((title, keywords, summary, html), languages) in enumerate(
            languages_by_texts.items()
        )
    ]


def translated_text(row: Any, field: str, language: str) -> str:
    """The text of `field` on a page in `language`, or "" if `field` is empty."""
    if not field:
        return ""
    for code in (language, *settings.MODELTRANSLATION_FALLBACK_LANGUAGES):
        column = build_localized_fieldname(field, code)
        if text := getattr(row, column if hasattr(row, column) else field):
            return str(text)
    return ""
