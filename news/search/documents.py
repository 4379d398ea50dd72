"""What there is to find in an article: one document for each text that readers see of it."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.conf import settings
from modeltranslation.utils import build_localized_fieldname

from core.text.html import html_to_text
from core.text.tokens import join_tokens
from news.search.models import ENTRIES_EACH

# A tsvector holds 1 MB, of which a text of this size takes at most the half.
MAX_INDEXED_BYTES = 300_000


class Document(NamedTuple):
    """What an article says in `languages`, as tokens with a space between them."""

    id: int
    article_id: int
    languages: tuple[str, ...]
    title: str
    tags: str
    summary: str
    body: str


def documents(article: Any) -> list[Document]:
    """The documents of `article`, which may be an article of a migration.

    Each language has the texts that its page shows, with those of another language where one is
    missing; languages that show the same share a document.
    """
    tags = list(article.tags.all())
    shown = defaultdict(list)
    for language in settings.MODELTRANSLATION_LANGUAGES:
        texts = (
            _shown(article, "title", language),
            " ".join(_shown(tag, "name", language) for tag in tags),
            _shown(article, "summary", language),
            _shown(article, "body", language),
        )
        shown[texts].append(language)
    return [
        Document(
            article.pk * ENTRIES_EACH + place,
            article.pk,
            tuple(languages),
            join_tokens(title, MAX_INDEXED_BYTES),
            join_tokens(names, MAX_INDEXED_BYTES),
            join_tokens(summary, MAX_INDEXED_BYTES),
            join_tokens(html_to_text(body), MAX_INDEXED_BYTES),
        )
        for place, ((title, names, summary, body), languages) in enumerate(shown.items())
    ]


def _shown(row: Any, field: str, language: str) -> str:
    """The text of `field` on a page in `language`."""
    for code in (language, *settings.MODELTRANSLATION_FALLBACK_LANGUAGES):
        if text := getattr(row, build_localized_fieldname(field, code)):
            return str(text)
    return ""
