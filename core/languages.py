"""The languages that visitors read in, as a choice in a model."""

from django.conf import settings


def choices() -> list[tuple[str, str]]:
    """For `choices=` of a field: by name, so that no setting changes what migrations know."""
    return settings.LANGUAGES
