"""The languages of the site, as choices of a model field."""

from django.conf import settings


def language_choices() -> list[tuple[str, str]]:
    """Codes and names for `choices=`: passed as a function, so no setting changes migrations."""
    return settings.LANGUAGES
