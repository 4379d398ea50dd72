"""Translated texts of models are read in the active language, or else in another one."""

from typing import Any

import pytest
from django.utils import translation

from news.models import Article
from products.models import Product


def no_languages(*args: Any) -> Any:
    raise AssertionError("It looked for other languages")


def test_a_text_in_the_active_language_is_read_without_looking_for_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("modeltranslation.fields.resolution_order", no_languages)
    article = Article(title_en="Crusher", title_ar="كسارة")
    product = Product(unit_en="set", unit_ar="مجموعة")
    for language, title, unit in (("en", "Crusher", "set"), ("ar", "كسارة", "مجموعة")):
        with translation.override(language):
            assert (article.title, product.unit) == (title, unit)


@pytest.mark.parametrize("missing", ["", None])
def test_a_missing_text_is_read_in_another_language(missing: str | None) -> None:
    article = Article(title_en="Crusher", title_ar=missing, title_zh_hans="破碎机")
    for language, title in (("ar", "Crusher"), ("zh-hans", "破碎机"), ("de", "Crusher")):
        with translation.override(language):
            assert article.title == title
    with translation.override(None):
        assert article.title == "Crusher"
    assert Article().title == ""


def test_a_text_is_written_in_the_active_language() -> None:
    article = Article(title_en="Crusher")
    with translation.override("ar"):
        article.title = "كسارة"
    assert (article.title_en, article.title_ar) == ("Crusher", "كسارة")
