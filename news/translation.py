"""Which texts exist in every language of the site."""

import simple_history
from django.conf import settings
from modeltranslation.translator import TranslationOptions, register
from modeltranslation.utils import build_localized_fieldname

from news.models import Article, Category, Tag
from news.versions import Records, Version


@register(Article)
class ArticleTranslation(TranslationOptions):
    fields = ["title", "summary", "body", "excerpt", "cover_alt"]


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ["name"]


@register(Tag)
class TagTranslation(TranslationOptions):
    fields = ["name"]


# After the translator, so that a version has the text of every language; the column of no
# language holds one of them a second time.
simple_history.register(
    Article,
    records_class=Records,
    bases=[Version],
    custom_model_name="ArticleVersion",
    excluded_fields=[
        *ArticleTranslation.fields,
        *(build_localized_fieldname("excerpt", code) for code in settings.LANGUAGES_WITH_CONTENT),
        "updated_at",
        "views_booked",
    ],
)
