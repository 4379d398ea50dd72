"""The texts of an object as the index stores them: a document for each different translation."""

from collections import defaultdict
from itertools import islice
from typing import Any, NamedTuple

from django.conf import settings
from modeltranslation.utils import build_localized_fieldname

from core.richtext.cleaning import clean_html
from core.search.kinds import Kind
from core.search.models import first_entry_id
from core.text.html import html_to_text
from core.text.model_numbers import extra_tokens, number_tokens
from core.text.tokens import join_tokens

# A tsvector is limited to 1 MB; a text of this size takes at most half of it.
MAX_INDEXED_BYTES = 300_000
MAX_EXTRA_TOKENS = 500


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
            "\n".join(kind.get_details(row, language)),
        )
        languages_by_texts[texts].append(language)
    first_id = first_entry_id(kind, row.pk)
    numbers = [token for number in kind.get_numbers(row) for token in number_tokens(number)]
    return [
        Document(
            first_id + index,
            kind.number,
            row.pk,
            tuple(languages),
            _tokens(title),
            " ".join([*numbers, _tokens(keywords)]),
            _tokens(summary),
            _tokens(f"{html_to_text(clean_html(html))}\n{details}"),
        )
        for index, ((title, keywords, summary, html, details), languages) in enumerate(
            languages_by_texts.items()
        )
    ]


def _tokens(text: str) -> str:
    """The words of `text`, and its model numbers and sizes as a search looks for them."""
    words = join_tokens(text, MAX_INDEXED_BYTES)
    extra = islice(dict.fromkeys(extra_tokens(text)), MAX_EXTRA_TOKENS)
    return " ".join(filter(None, [words, *extra]))


def translated_text(row: Any, field: str, language: str) -> str:
    """The text of `field` on a page in `language`, or "" if `field` is empty."""
    if not field:
        return ""
    for code in (language, *settings.MODELTRANSLATION_FALLBACK_LANGUAGES):
        column = build_localized_fieldname(field, code)
        if text := getattr(row, column if hasattr(row, column) else field):
            return str(text)
    return ""
