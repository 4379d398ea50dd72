"""What the admin's forms and lists share."""

from django.contrib import admin
from django.db import models
from django.forms import Media
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline

admin.site.empty_value_display = "–"
admin.site.enable_nav_sidebar = False


class TranslatedAdmin(TranslationAdmin):
    """A form with one tab for each language; without JavaScript every language is shown."""

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    @property
    def media(self) -> Media:
        return super().media + Media(js=["admin/language_tabs.js"])


class TranslatedInline(TranslationTabularInline):
    """Rows whose texts follow the form's language tab."""

    extra = 0
