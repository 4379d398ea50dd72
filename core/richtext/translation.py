"""Which texts of the library exist in every language of the site."""

from modeltranslation.translator import TranslationOptions, register

from core.richtext.models import Picture


@register(Picture)
class PictureTranslation(TranslationOptions):
    fields = ["alt"]
