"""The translated fields of the picture library."""

from modeltranslation.translator import TranslationOptions, register

from core.richtext.models import Picture


@register(Picture)
class PictureTranslation(TranslationOptions):
    fields = ["alt"]
