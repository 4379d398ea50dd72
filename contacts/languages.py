"""The languages that a contact may speak, each with its native name."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

# BCP 47 codes without a script: a contact who speaks `zh` can reply in `zh-hans`.
LANGUAGE_NAMES = {
    "am": "አማርኛ", "ar": "العربية", "az": "Azərbaycanca", "bg": "Български", "bn": "বাংলা",
    "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά", "en": "English",
    "es": "Español", "fa": "فارسی", "fi": "Suomi", "fil": "Filipino", "fr": "Français",
    "ha": "Hausa", "he": "עברית", "hi": "हिन्दी", "hu": "Magyar", "hy": "Հայերեն",
    "id": "Bahasa Indonesia", "it": "Italiano", "ja": "日本語", "ka": "ქართული", "kk": "Қазақша",
    "km": "ខ្មែរ", "ko": "한국어", "lo": "ລາວ", "mn": "Монгол", "ms": "Bahasa Melayu",
    "my": "မြန်မာ", "nb": "Norsk", "nl": "Nederlands", "pl": "Polski", "pt": "Português",
    "ro": "Română", "ru": "Русский", "sr": "Српски", "sv": "Svenska", "sw": "Kiswahili",
    "ta": "தமிழ்", "th": "ไทย", "tr": "Türkçe", "uk": "Українська", "ur": "اردو",
    "uz": "Oʻzbekcha", "vi": "Tiếng Việt", "yue": "粵語", "zh": "中文",
}  # fmt: skip


def validate_languages(codes: Any) -> None:
    """Raise ValidationError unless `codes` is a list of different codes of `LANGUAGE_NAMES`."""
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise ValidationError(_("Enter a list of languages."))
    if len(set(codes)) < len(codes):
        raise ValidationError(_("Select each language only once."))
    for code in codes:
        if code not in LANGUAGE_NAMES:
            raise ValidationError(_("“%(code)s” is not an available language.") % {"code": code})


class LanguagesField(models.JSONField):
    """A list of codes of `LANGUAGE_NAMES`; a form offers the names as checkboxes."""

    default_validators = [validate_languages]

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return forms.MultipleChoiceField(
            choices=_choices_by_name,
            required=False,
            label=kwargs.get("label", capfirst(self.verbose_name)),
            help_text=kwargs.get("help_text", self.help_text),
            widget=forms.CheckboxSelectMultiple(attrs={"class": "languages"}),
        )


def _choices_by_name() -> Sequence[tuple[str, str]]:
    return sorted(LANGUAGE_NAMES.items(), key=lambda item: item[1].casefold())
