"""The translated fields of menus."""

from modeltranslation.translator import TranslationOptions, register

from core.menus.models import MenuItem


@register(MenuItem)
class MenuItemTranslation(TranslationOptions):
    fields = ["label"]
