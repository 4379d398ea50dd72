"""The fields of pages that exist in every language of the site, and the versions of pages."""

import simple_history
from modeltranslation.translator import TranslationOptions, register

from core.pages.models import Page
from core.pages.versions import PageVersionBase, PageVersions


@register(Page)
class PageTranslation(TranslationOptions):
    fields = ["title", "description"]


# Registered after the translations, so that a version has the texts of every language. The column
# without a language is excluded: it repeats one of them.
simple_history.register(
    Page,
    records_class=PageVersions,
    bases=[PageVersionBase],
    custom_model_name="PageVersion",
    excluded_fields=[*PageTranslation.fields, "path", "updated_at"],
)
