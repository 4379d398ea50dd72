from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_noop, pgettext_lazy
from modeltranslation.apps import ModeltranslationConfig
from tablib.exceptions import UnsupportedFormat
from tablib.formats import registry

# What the admin shows of packages that have no translation into one of our languages.
gettext_noop("access attempt")
gettext_noop("access attempts")
gettext_noop("access failure")
gettext_noop("access failures")
gettext_noop("access log")
gettext_noop("access logs")
gettext_noop("Attachment")
gettext_noop("Attachments")
pgettext_lazy("Email address", "Email")
pgettext_lazy("Email addresses", "Emails")
gettext_noop("Email Template")
gettext_noop("Email Templates")
gettext_noop("Log")
gettext_noop("Logs")
gettext_noop("Post Office")


class CoreConfig(AppConfig):
    """Commands, template tags, scheduled jobs and metrics of the whole site."""

    name = "core"

    def ready(self) -> None:
        autodiscover_modules("schedule", "metrics")
        import_module("core.language_columns")  # adds to what a version of an object has


class StaffAdminConfig(AdminConfig):
    """Django's admin, with the site of core/admin/site.py."""

    default_site = "core.admin.site.StaffSite"


class ImportExportConfig(AppConfig):
    """django-import-export, which asks for all formats of tablib when it is loaded.

    That would load openpyxl into every process. The formats in use are in core/spreadsheets/.
    """

    name = "import_export"

    def import_models(self) -> None:
        registry.get_format = _no_format
        try:
            import_module("import_export.formats.base_formats")
        finally:
            del registry.get_format
        super().import_models()


def _no_format(key: str) -> None:
    raise UnsupportedFormat(key)


class TranslationConfig(ModeltranslationConfig):
    """Modeltranslation, with texts that are read faster."""

    def ready(self) -> None:
        super().ready()
        translated_texts = import_module("core.translated_texts")
        translated_texts.install()
