"""The languages of the site."""

from django.conf import settings

# The indexes of these are in migrations; `core/language_indexes.py` creates those of others.
MIGRATED_INDEXES = ("en", "zh-hans", "ar")


def languages_with_indexes() -> list[str]:
    """The languages of the site whose columns have indexes in the models."""
    return [code for code in MIGRATED_INDEXES if code in settings.MODELTRANSLATION_LANGUAGES]


def language_of_site(code: str) -> str:
    """The language, or the first one of the site if it does not have it, or no longer."""
    return code if code in settings.MODELTRANSLATION_LANGUAGES else settings.LANGUAGE_CODE


def language_choices() -> list[tuple[str, str]]:
    """Codes and names for `choices=`; as a callable, they are not written into migrations."""
    return settings.LANGUAGES
