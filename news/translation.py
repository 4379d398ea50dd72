"""The fields that exist in every language of the site, and the versions of articles."""

import simple_history
from django.conf import settings
from modeltranslation.translator import TranslationOptions, register
from modeltranslation.utils import build_localized_fieldname

from news.models import Article, Category, Tag
from news.models.version import ArticleVersionBase, ArticleVersions


@register(Article)
class ArticleTranslation(TranslationOptions):
    fields = ["title", "summary", "body", "excerpt", "cover_alt"]


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ["name"]


@register(Tag)
class TagTranslation(TranslationOptions):
    fields = ["name"]


# Registered after the translations, so that a version has the texts of every language. The column
# without a language is excluded: it repeats one of them.
simple_history.register(
    Article,
    records_class=ArticleVersions,
    bases=[ArticleVersionBase],
    custom_model_name="ArticleVersion",
    excluded_fields=[
        *ArticleTranslation.fields,
        *(
            build_localized_fieldname("excerpt", code)
            for code in settings.MODELTRANSLATION_LANGUAGES
        ),
        "updated_at",
        *(Article.COUNTERS - {"views"}),
    ],
)
