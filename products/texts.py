"""Texts as they are compared: what is searched in, and what filters go by."""

from typing import Any

from django.conf import settings
from modeltranslation.utils import build_localized_fieldname

from core.text.folding import fold

MAX_SEARCHABLE_LENGTH = 20_000  # characters of one product that are searched in


def searchable(text: str) -> str:
    """`text` on one line, folded and without control characters, as searches compare it."""
    return " ".join("".join(c for c in fold(text) if c.isprintable() or c.isspace()).split())


def key(text: str, longest: int) -> str:
    """`text` so that two spellings of one value are one: `75  KW` is `75 kw`.

    It stands in addresses as `name=value`, so it holds no `=`.
    """
    return " ".join(searchable(text).replace("=", " ").split())[:longest]


def in_first_language(instance: Any, field: str) -> str:
    """The text of `field` by which it is known in every language: the first that there is."""
    return next(iter(every_language(instance, field)), "")


def every_language(instance: Any, field: str) -> list[str]:
    """The texts of a translated field, those of the site's first language first."""
    codes = dict.fromkeys((settings.LANGUAGE_CODE, *settings.LANGUAGES_WITH_CONTENT))
    texts = (getattr(instance, build_localized_fieldname(field, code)) for code in codes)
    return [text for text in texts if text]


def searched(product: Any, specifications: Any, variants: Any) -> str:
    """Everything that a product is found by, in every language."""
    texts = [product.sku, product.hs_code, *(variant.sku for variant in variants)]
    for rows, fields in (
        ([product], ("name", "summary")),
        (specifications, ("name", "value")),
        (variants, ("name", "specification")),
    ):
        texts += [text for row in rows for field in fields for text in every_language(row, field)]
    return searchable(" \n".join(texts))[:MAX_SEARCHABLE_LENGTH]
