"""The languages of the site, as choices of a model field."""

from django.conf import settings


def language_choices() -> list[tuple[str, str]]:
    """Codes and names for `choices=`; as a callable, they are not written into migrations."""
    return settings.LANGUAGES
