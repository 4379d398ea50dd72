"""Reading the texts of models in the active language."""

from typing import Any

from django.conf import settings
from django.db.models import CharField, TextField
from django.utils.translation import get_language
from modeltranslation.fields import NONE, TranslationFieldDescriptor
from modeltranslation.translator import translator
from modeltranslation.utils import build_localized_fieldname


class TranslatedText(TranslationFieldDescriptor):
    """A text that is looked for in other languages only if there is none in the active one.

    Modeltranslation finds out which languages to try each time a text is read, a hundred times for
    a page.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names = {
            code: build_localized_fieldname(self.field.name, code)
            for code in settings.MODELTRANSLATION_LANGUAGES
        }

    def __get__(self, instance: Any, owner: Any) -> Any:
        if instance is not None:
            name = self._names.get(get_language() or "")
            if name and (text := getattr(instance, name, None)):
                return text
        return super().__get__(instance, owner)


def install() -> None:
    """Use `TranslatedText` for all translated texts of which only an empty one is a missing one."""
    for model in translator.get_registered_models():
        for name in translator.get_options_for_model(model).local_fields:
            found = vars(model)[name]
            missing = found.fallback_undefined
            if missing is NONE:
                missing = found.field.get_default()
            if isinstance(found.field, CharField | TextField) and not missing:
                values = (found.fallback_languages, found.fallback_value, found.fallback_undefined)
                setattr(model, name, TranslatedText(found.field, *values))
