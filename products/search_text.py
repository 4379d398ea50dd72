"""Normalized texts for finding and comparing products, in any language and spelling."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from modeltranslation.utils import build_localized_fieldname

from core.richtext.cleaning import clean_html
from core.text.html import html_to_text
from core.text.partial_search import compact_model_numbers, normalize, without_separators

MAX_SEARCH_TEXT_LENGTH = 50_000  # characters


def comparison_key(text: str, max_length: int) -> str:
    """A key that is equal for all spellings of a text: `75 kw` for `75  KW`.

    Query strings hold it as `name=value`, so it contains no `=`.
    """
    return " ".join(normalize(text).replace("=", " ").split())[:max_length]


def first_translation(instance: Any, field: str) -> str:
    """The first of `all_translations`, which identifies the text in every language."""
    return next(iter(all_translations(instance, field)), "")


def all_translations(instance: Any, field: str) -> list[str]:
    """The texts of a translated field that are not empty, beginning with the default language."""
    codes = dict.fromkeys((settings.LANGUAGE_CODE, *settings.MODELTRANSLATION_LANGUAGES))
    texts = (getattr(instance, build_localized_fieldname(field, code)) for code in codes)
    return [text for text in texts if text]


def build_search_text(product: Any, specifications: Iterable[Any], variants: Iterable[Any]) -> str:
    """Everything by which a product can be found, in every language, as `normalize` returns it."""
    variants = list(variants)
    numbers = [product.sku, *(variant.sku for variant in variants)]
    texts = [*numbers, *map(without_separators, numbers), product.hs_code]
    for rows, fields in (
        ([product], ("name", "summary")),
        (specifications, ("name", "value")),
        (variants, ("name", "specification")),
    ):
        texts += [text for row in rows for field in fields for text in all_translations(row, field)]
    texts += (html_to_text(clean_html(text)) for text in all_translations(product, "description"))
    normalized = list(map(normalize, texts))
    normalized += map(compact_model_numbers, normalized[:])
    return " ".join(filter(None, normalized))[:MAX_SEARCH_TEXT_LENGTH]
