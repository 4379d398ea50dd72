"""Which texts exist in every language of the site."""

from modeltranslation.translator import TranslationOptions, register

from news.models import Article, Category, Tag


@register(Article)
class ArticleTranslation(TranslationOptions):
    fields = ["title", "summary", "body", "cover_alt"]


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ["name"]


@register(Tag)
class TagTranslation(TranslationOptions):
    fields = ["name"]
