"""The library as an editor uses it: pictures are found by a word and remembered with theirs."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from modeltranslation.utils import build_localized_fieldname

from core.text.html import read_html
from core.text.search_query import MAX_TERMS, split_query

MAX_IMAGES = 200  # of one text


def alt_field(language: str) -> str:
    """The name of the column that holds the alternative text in `language`."""
    return build_localized_fieldname("alt", language)


def find_pictures(pictures: models.QuerySet, query: str) -> models.QuerySet:
    """Those whose name or alternative text, in any language, contains what `query` asks for.

    The query is written as in every search box: see `core.text.search_query`.
    """
    fields = ["name", *(alt_field(language) for language in settings.MODELTRANSLATION_LANGUAGES)]
    for part in split_query(query)[:MAX_TERMS]:
        any_field = models.Q()
        for field in fields:
            # An empty text is NULL in some columns, which no exclusion would match.
            any_field |= models.Q(**{f"{field}__isnull": False, f"{field}__icontains": part.text})
        pictures = pictures.filter(~any_field if part.is_excluded else any_field)
    return pictures


def alt_texts(html: str) -> dict[str, str]:
    """The stored name of each picture of ours that `html` shows, and its alternative text.

    Pictures without a text are left out; of one shown twice, the first text counts.
    """
    base = default_storage.url("")
    texts: dict[str, str] = {}
    for image in read_html(html).images[:MAX_IMAGES]:
        if image.alt and image.url.startswith(base):
            texts.setdefault(image.url.removeprefix(base), image.alt)
    return texts


def remember_alt_texts(pictures: models.QuerySet, html: str, language: str) -> None:
    """Keep the alternative texts of `html` for the pictures that have none in `language` yet."""
    texts = alt_texts(html)
    if not texts:
        return
    field = alt_field(language)
    empty = models.Q(**{field: ""}) | models.Q(**{f"{field}__isnull": True})
    longest = pictures.model._meta.get_field("alt").max_length
    # Written past modeltranslation, which would read `alt_en` as the column of today's language.
    without = list(pictures.filter(empty, file__in=texts).only("pk", "file"))
    for picture in without:
        setattr(picture, field, texts[str(picture.file.name)][:longest])
    pictures.bulk_update(without, [field])
