"""Checks made when a server starts, before it answers the first request."""

from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.exceptions import ImproperlyConfigured


def require_static_files() -> None:
    """Raise ImproperlyConfigured if static files must be collected and are not.

    Every page would fail, since a template could not find the hashed name of a file.
    """
    if isinstance(staticfiles_storage, ManifestFilesMixin) and not staticfiles_storage.hashed_files:
        raise ImproperlyConfigured(
            "the static files are not collected."
            " Run `.venv/bin/python manage.py collectstatic --noinput` first."
        )
